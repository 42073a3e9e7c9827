package org.vmcore.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Main.class.getPackage().getImplementationVersion();
    return new String[] {
      Main.NAME + " " + (version == null ? "(not packaged)" : version),
      "formats: ELF (a saved /proc/vmcore, makedumpfile -E, QEMU's dump-guest-memory),",
      "         kdump-compressed (versions 1 to 6, split), flattened, LiME, raw memory,",
      "         s390's stand-alone dumps;",
      "         gzip, zlib, zstd, xz, bzip2 and lz4 files of these",
      "codecs:  zlib, lzo1x, snappy, zstd"
    };
  }
}
