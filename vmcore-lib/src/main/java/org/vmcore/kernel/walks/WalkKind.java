package org.vmcore.kernel.walks;

import java.util.Optional;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;

/** The ways in which the kernel links objects together. */
public enum WalkKind {
  /** struct list_head: a ring, the nodes of which lie in the objects. */
  LIST("list"),
  /** struct hlist_head: a list of hlist_node, also with nulls or a lock bit. */
  HLIST("hlist"),
  /** struct llist_head: a list without a way back. */
  LLIST("llist"),
  /** struct rb_root: a sorted tree of rb_node. */
  RBTREE("rbtree"),
  /** struct xarray, and what is built of it: entries by their index. */
  XARRAY("xarray"),
  /** struct radix_tree_root, the xarray before 4.20. */
  RADIX_TREE("radix-tree"),
  /** struct maple_tree: entries by ranges of indexes. */
  MAPLE_TREE("maple-tree");

  private final String name;

  WalkKind(String name) {
    this.name = name;
  }

  /** Whether it is made of nodes that lie in the objects; else it holds their addresses. */
  public boolean isOfNodes() {
    return compareTo(RBTREE) <= 0;
  }

  /**
   * What a variable or member of this type is the head of.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  public static Optional<WalkKind> ofHead(Type type) throws VmcoreException {
    return type.plain() instanceof StructType struct ? ofHead(struct.tag()) : Optional.empty();
  }

  private static Optional<WalkKind> ofHead(String tag) {
    return switch (tag) {
      case "list_head" -> Optional.of(LIST);
      case "hlist_head", "hlist_nulls_head", "hlist_bl_head" -> Optional.of(HLIST);
      case "llist_head" -> Optional.of(LLIST);
      case "rb_root", "rb_root_cached" -> Optional.of(RBTREE);
      case "xarray", "idr" -> Optional.of(XARRAY);
      case "radix_tree_root" -> Optional.of(RADIX_TREE);
      case "maple_tree" -> Optional.of(MAPLE_TREE);
      default -> Optional.empty();
    };
  }

  /**
   * What an object with a member of this type is linked by.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  public static Optional<WalkKind> ofNode(Type type) throws VmcoreException {
    if (!(type.plain() instanceof StructType struct)) {
      return Optional.empty();
    }
    return switch (struct.tag()) {
      case "list_head" -> Optional.of(LIST);
      case "hlist_node", "hlist_nulls_node", "hlist_bl_node" -> Optional.of(HLIST);
      case "llist_node" -> Optional.of(LLIST);
      case "rb_node" -> Optional.of(RBTREE);
      default -> Optional.empty();
    };
  }

  /** As the command line has it. */
  @Override
  public String toString() {
    return name;
  }
}
