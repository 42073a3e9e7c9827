/** Opens crash dumps of the Linux kernel, whatever their format, as one image. */
@SuppressWarnings("module") // the command is compiled later: its module is not known here
module org.vmcore {
  requires com.github.luben.zstd_jni;
  requires org.apache.commons.compress;
  requires org.apache.commons.io;
  requires org.tukaani.xz;
  requires static org.jspecify;

  exports org.vmcore;
  exports org.vmcore.convert;
  exports org.vmcore.convert.level;
  exports org.vmcore.coresight;
  exports org.vmcore.debuginfo;
  exports org.vmcore.debuginfo.terms;
  exports org.vmcore.elf;
  exports org.vmcore.extract;
  exports org.vmcore.find;
  exports org.vmcore.gdb;
  exports org.vmcore.gdb.core;
  exports org.vmcore.gdb.remote;
  exports org.vmcore.kernel;
  exports org.vmcore.kernel.crash;
  exports org.vmcore.kernel.declaration;
  exports org.vmcore.kernel.log;
  exports org.vmcore.kernel.modules;
  exports org.vmcore.kernel.objects;
  exports org.vmcore.kernel.oops;
  exports org.vmcore.kernel.stacks;
  exports org.vmcore.kernel.symbols;
  exports org.vmcore.kernel.system;
  exports org.vmcore.kernel.tasks;
  exports org.vmcore.kernel.types;
  exports org.vmcore.kernel.walks;
  exports org.vmcore.memory;
  exports org.vmcore.mmu;
  exports org.vmcore.open;
  exports org.vmcore.remoteproc;
  exports org.vmcore.remoteproc.collect;
  exports org.vmcore.remoteproc.kernel;

  // What the command needs beside the API.
  exports org.vmcore.arch to
      org.vmcore.cli;
  exports org.vmcore.convert.filter to
      org.vmcore.cli;
  exports org.vmcore.envelope to
      org.vmcore.cli;
  exports org.vmcore.fdt to
      org.vmcore.cli;
  exports org.vmcore.format.oldmem to
      org.vmcore.cli;
  exports org.vmcore.io to
      org.vmcore.cli;
  exports org.vmcore.oldmem to
      org.vmcore.cli;
  exports org.vmcore.output to
      org.vmcore.cli;
  exports org.vmcore.prepare to
      org.vmcore.cli;
  exports org.vmcore.scan to
      org.vmcore.cli;
  exports org.vmcore.search to
      org.vmcore.cli;
  exports org.vmcore.values to
      org.vmcore.cli;
}
