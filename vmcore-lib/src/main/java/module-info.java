/** Opens crash dumps of the Linux kernel, whatever their format, as one image. */
@SuppressWarnings("module") // the command is compiled later: its module is not known here
module org.vmcore {
  requires com.github.luben.zstd_jni;
  requires static org.jspecify;

  exports org.vmcore;
  exports org.vmcore.arch;
  exports org.vmcore.dump;
  exports org.vmcore.elf;
  exports org.vmcore.elf.bytes to
      org.vmcore.cli;
  exports org.vmcore.envelope;
  exports org.vmcore.fdt;
  exports org.vmcore.format.oldmem;
  exports org.vmcore.headers;
  exports org.vmcore.image;
  exports org.vmcore.io;
  exports org.vmcore.kernel;
  exports org.vmcore.memory;
  exports org.vmcore.mmu;
  exports org.vmcore.oldmem;
  exports org.vmcore.open;
  exports org.vmcore.output;
  exports org.vmcore.prepare;
  exports org.vmcore.search;
  exports org.vmcore.values to
      org.vmcore.cli;
}
