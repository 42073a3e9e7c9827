package org.vmcore.fdt;

/** What a device tree's node holds, in the order in which it stands there. */
public sealed interface TreeItem permits TreeNode, TreeProperty, TreeNop {}
