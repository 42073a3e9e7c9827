/** Opens crash dumps of the Linux kernel, whatever their format, as one image. */
@SuppressWarnings("module") // the command is compiled later: its module is not known here
module org.vmcore {
  requires com.github.luben.zstd_jni;
  requires static org.jspecify;

  exports org.vmcore;
  exports org.vmcore.elf;
  exports org.vmcore.headers;
  exports org.vmcore.image;
  exports org.vmcore.io;
  exports org.vmcore.kernel;
  exports org.vmcore.kernel.log;
  exports org.vmcore.kernel.symbols;
  exports org.vmcore.memory;
  exports org.vmcore.mmu;
  exports org.vmcore.values to
      org.vmcore.cli;
}
