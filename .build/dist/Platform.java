/** A machine that vmcore is packed for; {@code natives} is zstd-jni's folder for it. */
enum Platform {
  x86_64("amd64", "linux/amd64/", "ld-linux-x86-64.so.2"),
  aarch64("arm64", "linux/aarch64/", "ld-linux-aarch64.so.1");

  private final String debian;
  private final String natives;
  private final String loader;

  Platform(String debian, String natives, String loader) {
    this.debian = debian;
    this.natives = natives;
    this.loader = loader;
  }

  static Platform own() {
    String arch = System.getProperty("os.arch");
    return arch.equals("amd64") ? x86_64 : valueOf(arch);
  }

  Platform other() {
    return this == x86_64 ? aarch64 : x86_64;
  }

  String debian() {
    return debian;
  }

  String natives() {
    return natives;
  }

  /** What loads its programs, which rpm calls a library. */
  String loader() {
    return loader;
  }
}
