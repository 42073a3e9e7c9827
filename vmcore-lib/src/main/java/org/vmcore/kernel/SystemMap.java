package org.vmcore.kernel;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.io.Finding;
import org.vmcore.io.SmallFile;
import org.vmcore.io.VmcoreException;

/**
 * A System.map: the symbols as the kernel was linked, in lines {@code ADDRESS TYPE NAME}. KASLR
 * moves what lies in the kernel's half of the addresses; per-CPU variables of x86_64 stay.
 */
final class SystemMap implements SymbolTable {
  private static final int MAX_SIZE = 64 << 20;

  private final String file;
  private final byte[] text;
  private final long moved;
  private volatile @Nullable SortedAddresses addresses;

  private SystemMap(String file, byte[] text, long moved) {
    this.file = file;
    this.text = text;
    this.moved = moved;
  }

  /**
   * Reads {@code file}.
   *
   * @throws VmcoreException when it can't be read, or isn't of the kernel that {@code info} tells
   *     of
   */
  static SystemMap read(Path file, Optional<VmcoreInfo> info) throws VmcoreException {
    byte[] text = SmallFile.read(file, MAX_SIZE, "System.map");
    SystemMap map = new SystemMap(file.toString(), text, 0);
    OptionalLong stext = info.isPresent() ? info.get().symbol("_stext") : OptionalLong.empty();
    if (stext.isEmpty()) {
      return map;
    }
    Optional<Symbol> linked = map.first("_stext");
    if (linked.isEmpty()) {
      throw VmcoreException.of(file.toString(), "has no _stext: it is no System.map");
    }
    SystemMap here =
        new SystemMap(file.toString(), text, stext.getAsLong() - linked.get().address());
    here.check(info.get(), "init_uts_ns");
    here.check(info.get(), "swapper_pg_dir");
    return here;
  }

  private void check(VmcoreInfo info, String name) throws VmcoreException {
    OptionalLong told = info.symbol(name);
    Optional<Symbol> own = first(name);
    if (told.isPresent() && own.isPresent() && own.get().address() != told.getAsLong()) {
      throw VmcoreException.of(
          file,
          name
              + " would be at 0x"
              + Long.toHexString(own.get().address())
              + ", VMCOREINFO has it at 0x"
              + Long.toHexString(told.getAsLong())
              + ": of another kernel");
    }
  }

  private Optional<Symbol> first(String name) {
    Symbols.First first = new Symbols.First();
    find(NamePattern.exactly(name), first);
    return first.symbol();
  }

  @Override
  public void find(NamePattern pattern, Visitor out) {
    Lines lines = new Lines();
    while (lines.next()) {
      if (pattern.matches(text, lines.name, lines.end - lines.name)
          && !out.symbol(lines.symbol())) {
        return;
      }
    }
  }

  @Override
  public Optional<Symbol> nearest(long address) {
    SortedAddresses known = addresses;
    if (known == null) {
      known = SortedAddresses.of(all());
      addresses = known;
    }
    int wanted = known.nearest(address);
    if (wanted < 0) {
      return Optional.empty();
    }
    Lines lines = new Lines();
    for (int i = 0; i <= wanted; i++) {
      lines.next();
    }
    return Optional.of(lines.symbol());
  }

  private long[] all() {
    long[] all = new long[count()];
    Lines lines = new Lines();
    for (int i = 0; i < all.length; i++) {
      lines.next();
      all[i] = lines.address();
    }
    return all;
  }

  /** How many symbols there are. */
  int count() {
    Lines lines = new Lines();
    int count = 0;
    while (lines.next()) {
      count++;
    }
    return count;
  }

  @Override
  public void gaps(Consumer<Finding> out) {
    // A file is there as a whole.
  }

  /** Goes over the lines; one that isn't of a symbol is passed over. */
  private final class Lines {
    private int from;
    private int digits;
    private int name;
    private int end;

    boolean next() {
      while (from < text.length) {
        digits = from;
        end = from;
        while (end < text.length && text[end] != '\n') {
          end++;
        }
        from = end + 1;
        if (isSymbol()) {
          return true;
        }
      }
      return false;
    }

    private boolean isSymbol() {
      int at = digits;
      while (at < end && Character.digit(text[at], 16) >= 0) {
        at++;
      }
      name = at + 3;
      return at > digits
          && at - digits <= 16
          && name < end
          && text[at] == ' '
          && text[at + 2] == ' ';
    }

    long address() {
      long address = 0;
      for (int at = digits; at < name - 3; at++) {
        address = address << 4 | Character.digit(text[at], 16);
      }
      return address < 0 ? address + moved : address;
    }

    Symbol symbol() {
      return Symbol.ofKernel(
          new String(text, name, end - name, StandardCharsets.UTF_8),
          address(),
          (char) (text[name - 2] & 0xff));
    }
  }
}
