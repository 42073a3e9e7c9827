package org.vmcore.debuginfo.globals;

/** What a declaration has around the type that it begins with. */
public enum Layer {
  POINTER,
  CONST,
  VOLATILE
}
