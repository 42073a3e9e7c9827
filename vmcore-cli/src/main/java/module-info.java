/** The vmcore command. */
module org.vmcore.cli {
  requires static org.jspecify;
  requires info.picocli;
  requires org.vmcore;
}
