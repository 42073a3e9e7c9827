package org.vmcore.fdt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A node of a device tree.
 *
 * @param name with its unit address, {@code memory@40000000}; the root's is empty
 * @param items its properties and nodes in the order in which they stand
 */
public record TreeNode(String name, List<TreeItem> items) implements TreeItem {
  /** Copies the list. */
  public TreeNode {
    checked(name);
    items = List.copyOf(items);
  }

  /** A node of these items. */
  public static TreeNode of(String name, TreeItem... items) {
    return new TreeNode(name, List.of(items));
  }

  /** The first property of this name. */
  public Optional<TreeProperty> property(String wanted) {
    return items.stream()
        .filter(item -> isProperty(item, wanted))
        .map(TreeProperty.class::cast)
        .findFirst();
  }

  /** The first node of exactly this name in this one. */
  public Optional<TreeNode> child(String wanted) {
    return items.stream()
        .filter(item -> isNode(item, wanted))
        .map(TreeNode.class::cast)
        .findFirst();
  }

  /**
   * This node with {@code property} in the place of the one of the same name; in front when there
   * is none, where libfdt puts a new one too.
   */
  public TreeNode with(TreeProperty property) {
    return replaced(property, item -> isProperty(item, property.name()), 0);
  }

  /**
   * This node with {@code child} in the place of the one of the same name; before all other nodes
   * when there is none, where libfdt puts a new one too.
   */
  public TreeNode with(TreeNode child) {
    int firstNode = 0;
    while (firstNode < items.size() && !(items.get(firstNode) instanceof TreeNode)) {
      firstNode++;
    }
    return replaced(child, item -> isNode(item, child.name()), firstNode);
  }

  /** This node without its properties of this name. */
  public TreeNode without(String property) {
    return new TreeNode(name, items.stream().filter(item -> !isProperty(item, property)).toList());
  }

  private TreeNode replaced(TreeItem by, Predicate<TreeItem> what, int otherwise) {
    List<TreeItem> changed = new ArrayList<>(items);
    for (int i = 0; i < changed.size(); i++) {
      if (what.test(changed.get(i))) {
        changed.set(i, by);
        return new TreeNode(name, changed);
      }
    }
    changed.add(otherwise, by);
    return new TreeNode(name, changed);
  }

  private static boolean isProperty(TreeItem item, String name) {
    return item instanceof TreeProperty property && property.name().equals(name);
  }

  private static boolean isNode(TreeItem item, String name) {
    return item instanceof TreeNode node && node.name().equals(name);
  }

  static String checked(String name) {
    if (!name.chars().allMatch(c -> c != 0 && c <= 0xff)) {
      throw new IllegalArgumentException(name + ": a name of bytes other than NUL is wanted");
    }
    return name;
  }
}
