package org.vmcore.kernel.walks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.LinkedKernel.HEAD;
import static org.vmcore.testing.LinkedKernel.HLIST;
import static org.vmcore.testing.LinkedKernel.LIST;
import static org.vmcore.testing.LinkedKernel.LLIST;
import static org.vmcore.testing.LinkedKernel.RB;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.LinkedKernel;

class WalksTest {
  private static final int MOST = 1000;
  private static final long[] NONE = {};

  @TempDir Path folder;
  private final LinkedKernel kernel = new LinkedKernel();
  private final long one = kernel.item(1);
  private final long two = kernel.item(2);
  private final long three = kernel.item(3);
  private final long four = kernel.item(4);

  /** What is asked of walks. */
  private interface Question<T> {
    T ask(Walks walks, Kernel kernel) throws VmcoreException;
  }

  private <T> T ask(Question<T> question) throws Exception {
    return ask(kernel, question);
  }

  private <T> T ask(LinkedKernel linked, Question<T> question) throws Exception {
    try (Vmcore vmcore = Vmcore.open(linked.dump().writeTo(folder.resolve("vmcore")))) {
      Kernel of = Kernel.of(vmcore);
      return question.ask(Walks.of(of.objects()), of);
    }
  }

  private Walked walk(WalkKind kind) throws Exception {
    return ask((walks, _) -> walks.walk(kind, HEAD, MOST));
  }

  private static List<Long> addresses(Walked walked, int offset) {
    List<Long> found = new ArrayList<>();
    for (Link link : walked.links()) {
      found.add(link.address() - offset);
    }
    return found;
  }

  private static List<String> messages(Walked walked) {
    return walked.findings().stream().map(Finding::message).toList();
  }

  private static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }

  @Test
  void aList() throws Exception {
    kernel.list(HEAD, one, two, three);

    Walked walked = walk(WalkKind.LIST);

    assertThat(addresses(walked, LIST)).containsExactly(one, two, three);
    assertThat(walked.findings()).isEmpty();
    assertThat(walked.isMore()).isFalse();
  }

  @Test
  void theObjectsOfAList() throws Exception {
    kernel.list(HEAD, one, two);

    List<String> names =
        ask(
            (walks, _) -> {
              List<String> found = new ArrayList<>();
              Walked walked = walks.walk(WalkKind.LIST, HEAD, MOST);
              for (KernelObject item : walks.objects(walked, "item", "list")) {
                found.add(item.text("name"));
              }
              return found;
            });

    assertThat(names).containsExactly("item 1", "item 2");
  }

  @Test
  void aListBackwards() throws Exception {
    kernel.list(HEAD, one, two, three);

    Walked walked = ask((walks, _) -> walks.backwards(HEAD, MOST));

    assertThat(addresses(walked, LIST)).containsExactly(three, two, one);
  }

  @Test
  void noMoreThanAreWanted() throws Exception {
    kernel.list(HEAD, one, two, three);

    Walked walked = ask((walks, _) -> walks.walk(WalkKind.LIST, HEAD, 2));

    assertThat(addresses(walked, LIST)).containsExactly(one, two);
    assertThat(walked.isMore()).isTrue();
  }

  @Test
  void aTornListIsFollowedFromItsOtherEndToo() throws Exception {
    kernel.list(HEAD, one, two, three, four);
    kernel.memory().u64(two + LIST, 0x10);

    Walked walked = walk(WalkKind.LIST);

    assertThat(addresses(walked, LIST)).containsExactly(one, two, three, four);
    assertThat(messages(walked).getFirst())
        .startsWith("the list breaks off after 2 nodes, and 2 are found from its other end: ");
  }

  @Test
  void aListThatLeadsBackIntoItselfEndsThere() throws Exception {
    kernel.list(HEAD, one, two, three, four);
    kernel.memory().u64(two + LIST, one + LIST);

    Walked walked = walk(WalkKind.LIST);

    assertThat(addresses(walked, LIST)).containsExactly(one, two, three, four);
    assertThat(messages(walked).getFirst())
        .endsWith("list_head at " + hex(one + LIST) + ": doesn't lead back to " + hex(two + LIST));
  }

  @Test
  void aNodeThatLeadsToItselfEndsTheList() throws Exception {
    kernel.memory().u64(HEAD, one + LIST).u64(HEAD + 8, one + LIST);
    kernel.memory().u64(one + LIST, one + LIST).u64(one + LIST + 8, HEAD);

    Walked walked = walk(WalkKind.LIST);

    assertThat(addresses(walked, LIST)).containsExactly(one);
    assertThat(walked.findings()).isNotEmpty();
  }

  @Test
  void aHeadThatIsEmpty() throws Exception {
    kernel.list(HEAD);

    assertThat(walk(WalkKind.LIST).links()).isEmpty();
    assertThat(walk(WalkKind.LIST).findings()).isEmpty();
  }

  @Test
  void whatIsExcludedIsAWarning() throws Exception {
    kernel.list(HEAD, one, two);
    long gone = 0xffff_ffff_811f_f000L;
    kernel.memory().excludedFrom(gone).u64(two + LIST, gone);

    assertThat(walk(WalkKind.LIST).findings())
        .extracting(Finding::severity)
        .containsExactly(Finding.Severity.WARNING);
  }

  @Test
  void anHlist() throws Exception {
    kernel.hlist(HEAD, 0, one, two);

    Walked walked = walk(WalkKind.HLIST);

    assertThat(addresses(walked, HLIST)).containsExactly(one, two);
    assertThat(walked.findings()).isEmpty();
  }

  @Test
  void anHlistWithNullsEndsAtThem() throws Exception {
    kernel.hlist(HEAD, 7 << 1 | 1, one, two);

    assertThat(addresses(walk(WalkKind.HLIST), HLIST)).containsExactly(one, two);
  }

  @Test
  void theLockBitOfAnHlistIsNoAddress() throws Exception {
    kernel.hlist(HEAD, 0, one, two);
    kernel.memory().u64(HEAD, one + HLIST + 1);

    assertThat(addresses(walk(WalkKind.HLIST), HLIST)).containsExactly(one, two);
  }

  @Test
  void anHlistThatLeadsBackIntoItselfEndsThere() throws Exception {
    kernel.hlist(HEAD, one + HLIST, one, two);

    Walked walked = walk(WalkKind.HLIST);

    assertThat(addresses(walked, HLIST)).containsExactly(one, two);
    assertThat(messages(walked).getFirst()).contains("doesn't lead back to");
  }

  @Test
  void anLlist() throws Exception {
    kernel.llist(one, two, three);

    assertThat(addresses(walk(WalkKind.LLIST), LLIST)).containsExactly(one, two, three);
  }

  @Test
  void anLlistThatRunsInACircleEnds() throws Exception {
    kernel.llist(one, two, three).memory().u64(three + LLIST, two + LLIST);

    Walked walked = walk(WalkKind.LLIST);

    assertThat(addresses(walked, LLIST)).containsExactly(one, two, three);
    assertThat(messages(walked).getFirst()).contains("leads back into the list");
  }

  @Test
  void anRbtreeIsInOrder() throws Exception {
    kernel.memory().u64(HEAD, two + RB);
    kernel.rb(two, 0, one, four).rb(one, two, 0, 0).rb(four, two, three, 0).rb(three, four, 0, 0);

    Walked walked = walk(WalkKind.RBTREE);

    assertThat(addresses(walked, RB)).containsExactly(one, two, three, four);
    assertThat(walked.findings()).isEmpty();
  }

  @Test
  void aPartOfAnRbtreeThatIsDamagedIsLeftOut() throws Exception {
    kernel.memory().u64(HEAD, two + RB);
    kernel.rb(two, 0, one, four).rb(one, two, 0, 0).rb(four, two, three, 0).rb(three, two, 0, 0);

    Walked walked = walk(WalkKind.RBTREE);

    assertThat(addresses(walked, RB)).containsExactly(one, two, four);
    assertThat(messages(walked))
        .containsExactly(
            "a part of the tree is left out: rb_node at "
                + hex(three + RB)
                + ": has another parent than "
                + hex(four + RB));
  }

  @Test
  void anRbtreeThatLeadsBackToItsRootEnds() throws Exception {
    kernel.memory().u64(HEAD, two + RB);
    kernel.rb(two, 0, one, two).rb(one, two, two, 0);

    assertThat(addresses(walk(WalkKind.RBTREE), RB)).containsExactly(one, two);
  }

  @Test
  void anRbtreeAsALongChainEndsWhereItIsTooDeep() throws Exception {
    long parent = 0;
    long at = kernel.item(0);
    kernel.memory().u64(HEAD, at + RB);
    for (int i = 1; i < 200; i++) {
      long child = kernel.item(i);
      kernel.rb(at, parent, child, 0);
      parent = at;
      at = child;
    }
    kernel.rb(at, parent, 0, 0);

    Walked walked = walk(WalkKind.RBTREE);

    assertThat(walked.links()).hasSize(128);
    assertThat(messages(walked).getFirst()).endsWith("nested too deeply");
  }

  @Test
  void manyDamagesAreOnlyCounted() throws Exception {
    long[] nodes = new long[4];
    for (int i = 0; i < 4; i++) {
      nodes[i] = kernel.xaNode(0, 2, 0x5002, 0x6002, 0x7002, 0x8002) + 2;
    }
    long root = kernel.xaNode(0, 4, nodes);
    for (long node : nodes) {
      kernel.memory().u64(node - 2 + 8, root);
    }
    kernel.memory().u64(HEAD + 8, root + 2);

    Walked walked = walk(WalkKind.XARRAY);

    assertThat(walked.findings()).hasSize(9);
    assertThat(messages(walked).getLast()).isEqualTo("8 more places are damaged or can't be read");
  }

  @Test
  void anXarrayOfOneEntry() throws Exception {
    kernel.memory().u64(HEAD + 8, one);

    assertThat(walk(WalkKind.XARRAY).links()).containsExactly(Link.entry(one, 0, 0, 0));
  }

  @Test
  void anXarrayOfNodes() throws Exception {
    long root = kernel.xaNode(0, 2);
    long first = kernel.xaNode(root, 0, 0, one, two, 0);
    long last = kernel.xaNode(root, 0, three, 21 << 1 | 1, 0x406, 0);
    kernel.memory().u64(root + 16, first + 2).u64(root + 16 + 24, last + 2);
    kernel.memory().u64(HEAD + 8, root + 2);
    kernel.mark(first, 0, 1).mark(first, 2, 1);

    assertThat(walk(WalkKind.XARRAY).links())
        .containsExactly(
            Link.entry(one, 1, 1, 5),
            Link.entry(two, 2, 2, 0),
            Link.entry(three, 12, 12, 0),
            Link.value(21, 13, 13, 0));
  }

  @Test
  void anEntryOfSeveralIndexes() throws Exception {
    long root = kernel.xaNode(0, 2, one, 0 << 2 | 2, two, 0);
    kernel.memory().u64(HEAD + 8, root + 2);

    assertThat(walk(WalkKind.XARRAY).links())
        .containsExactly(Link.entry(one, 0, 7, 0), Link.entry(two, 8, 11, 0));
  }

  @Test
  void anXarrayWhoseNodeIsSharedHasItOnce() throws Exception {
    long root = kernel.xaNode(0, 2);
    long node = kernel.xaNode(root, 0, one);
    long other = kernel.xaNode(root, 0, node + 2, two);
    kernel.memory().u64(root + 16, node + 2).u64(root + 24, other + 2);
    kernel.memory().u64(HEAD + 8, root + 2);

    Walked walked = walk(WalkKind.XARRAY);

    assertThat(walked.links()).containsExactly(Link.entry(one, 0, 0, 0), Link.entry(two, 5, 5, 0));
    assertThat(messages(walked).getFirst()).contains("has another parent than " + hex(other));
  }

  @Test
  void anXarrayWhoseNodeIsItsOwnChildEnds() throws Exception {
    long root = kernel.xaNode(0, 2);
    kernel.memory().u64(root + 8, 0).u64(root + 16, root + 2).u64(HEAD + 8, root + 2);

    assertThat(walk(WalkKind.XARRAY).links()).isEmpty();
    assertThat(messages(walk(WalkKind.XARRAY)).getFirst()).contains("has another parent");
  }

  @Test
  void anXarrayWhoseShiftsDontDescendIsLeftOut() throws Exception {
    long root = kernel.xaNode(0, 2);
    long node = kernel.xaNode(root, 2, one);
    kernel.memory().u64(root + 16, node + 2).u64(HEAD + 8, root + 2);

    assertThat(messages(walk(WalkKind.XARRAY)).getFirst()).contains("shift 2 doesn't fit");
  }

  @Test
  void aRadixTreeOfBefore420() throws Exception {
    LinkedKernel old = LinkedKernel.old();
    long root = old.xaNode(0, 2);
    long node = old.xaNode(root, 0, one, 21 << 2 | 2, 0, two);
    old.memory().u64(root + 16, node + 1).u64(root + 24, three);
    old.memory().u64(root + 32, root + 24 + 1).u64(HEAD + 8, root + 1);
    old.mark(node, 1, 3);

    Walked walked =
        ask(old, (walks, of) -> walks.walk(of.objects().at(HEAD, "radix_tree_root"), MOST));

    assertThat(walked.links())
        .containsExactly(
            Link.entry(one, 0, 0, 0),
            Link.value(21, 1, 1, 0),
            Link.entry(two, 3, 3, 2),
            Link.entry(three, 4, 11, 0));
    assertThat(walked.findings()).isEmpty();
  }

  @Test
  void anIdrHasABase() throws Exception {
    kernel.memory().u64(HEAD + 8, kernel.xaNode(0, 0, one, 0, two) + 2).u32(HEAD + 16, 100);

    Walked walked = ask((walks, of) -> walks.walk(of.objects().at(HEAD, "idr"), MOST));

    assertThat(walked.links())
        .containsExactly(Link.entry(one, 100, 100, 0), Link.entry(two, 102, 102, 0));
  }

  @Test
  void aMapleTreeOfOneEntry() throws Exception {
    kernel.memory().u64(HEAD + 8, one);

    assertThat(walk(WalkKind.MAPLE_TREE).links()).containsExactly(Link.entry(one, 0, 0, 0));
  }

  private static final int RANGE_SLOTS = 32;
  private static final int ARANGE_SLOTS = 24;
  private static final int DENSE_SLOTS = 8;

  private static long enode(long node, int type) {
    return node | type << 3 | 4;
  }

  private void mapleRoot(long node, int type) {
    kernel.memory().u64(HEAD + 8, enode(node, type) | 2);
  }

  @Test
  void aMapleTreeOfALeaf() throws Exception {
    long leaf = kernel.mapleNode();
    kernel.maple(leaf, HEAD | 1, RANGE_SLOTS, new long[] {9, 19, -1}, 0, one, two, three);
    mapleRoot(leaf, 1);

    assertThat(walk(WalkKind.MAPLE_TREE).links())
        .containsExactly(Link.entry(one, 10, 19, 0), Link.entry(two, 20, -1, 0));
  }

  @Test
  void aPivotThatIsntSetEndsALeaf() throws Exception {
    long leaf = kernel.mapleNode();
    kernel.maple(leaf, HEAD | 1, RANGE_SLOTS, new long[] {0, 0, 0}, one, two, three);
    mapleRoot(leaf, 1);

    assertThat(walk(WalkKind.MAPLE_TREE).links())
        .containsExactly(Link.entry(one, 0, 0, 0), Link.entry(two, 1, -1, 0));
  }

  private void mapleOfAllNodes(int innerType, int innerSlots) {
    long inner = kernel.mapleNode();
    long leaf = kernel.mapleNode();
    long dense = kernel.mapleNode();
    kernel.maple(
        inner, HEAD | 1, innerSlots, new long[] {99, 106}, enode(leaf, 1), enode(dense, 0));
    kernel.maple(leaf, inner | 0x6, RANGE_SLOTS, new long[] {4, 99}, one, two);
    kernel.maple(dense, inner | 0xe, DENSE_SLOTS, NONE, 0, three, 0, 33 << 1 | 1);
    long last = kernel.mapleNode();
    kernel.maple(last, inner | 0x16, RANGE_SLOTS, new long[] {-1}, four);
    kernel.memory().u64(inner + innerSlots + 16, enode(last, 1));
    mapleRoot(inner, innerType);
  }

  private void isOfAllNodes() throws Exception {
    Walked walked = walk(WalkKind.MAPLE_TREE);

    assertThat(walked.links())
        .containsExactly(
            Link.entry(one, 0, 4, 0),
            Link.entry(two, 5, 99, 0),
            Link.entry(three, 101, 101, 0),
            Link.value(33, 103, 103, 0),
            Link.entry(four, 107, -1, 0));
    assertThat(walked.findings()).isEmpty();
  }

  @Test
  void aMapleTreeOfNodesOfEachType() throws Exception {
    mapleOfAllNodes(2, RANGE_SLOTS);
    isOfAllNodes();
  }

  @Test
  void aMapleTreeThatKnowsItsGaps() throws Exception {
    mapleOfAllNodes(3, ARANGE_SLOTS);
    isOfAllNodes();
  }

  @Test
  void aMapleNodeThatIsItsOwnChildEnds() throws Exception {
    long node = kernel.mapleNode();
    kernel.maple(node, HEAD | 1, RANGE_SLOTS, new long[] {5, -1}, enode(node, 2), 0);
    mapleRoot(node, 2);

    Walked walked = walk(WalkKind.MAPLE_TREE);

    assertThat(walked.links()).isEmpty();
    assertThat(messages(walked).getFirst()).contains("has another parent than " + hex(node));
  }

  @Test
  void pivotsThatDontAscendEndANode() throws Exception {
    long leaf = kernel.mapleNode();
    kernel.maple(leaf, HEAD | 1, RANGE_SLOTS, new long[] {9, 3, -1}, one, two, three);
    mapleRoot(leaf, 1);

    Walked walked = walk(WalkKind.MAPLE_TREE);

    assertThat(walked.links()).containsExactly(Link.entry(one, 0, 9, 0));
    assertThat(messages(walked).getFirst()).endsWith("pivots don't ascend");
  }

  @Test
  void aTypeThatIsntKnownIsLeftOut() throws Exception {
    long leaf = kernel.mapleNode();
    kernel.maple(leaf, HEAD | 1, RANGE_SLOTS, new long[] {-1}, one);
    mapleRoot(leaf, 9);

    assertThat(messages(walk(WalkKind.MAPLE_TREE)).getFirst()).endsWith("type 9 isn't known");
  }

  @Test
  void theKindIsThatOfTheHeadsType() throws Exception {
    kernel.hlist(HEAD, 0, one);

    Walked walked = ask((walks, of) -> walks.walk(of.objects().at(HEAD, "hlist_head"), MOST));

    assertThat(addresses(walked, HLIST)).containsExactly(one);
  }

  @Test
  void whatIsNoHeadIsRefused() {
    assertThatThrownBy(() -> ask((walks, of) -> walks.walk(of.objects().at(HEAD, "item"), MOST)))
        .hasMessageContaining("struct item");
  }
}
