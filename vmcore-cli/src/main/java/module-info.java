/** The vmcore command. */
module org.vmcore.cli {
  requires static org.jspecify;
  requires info.picocli;
  requires org.apache.commons.io;
  requires org.vmcore;
}
