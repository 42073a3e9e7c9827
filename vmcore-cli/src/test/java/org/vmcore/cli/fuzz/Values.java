package org.vmcore.cli.fuzz;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Makes values of options, by what stands for them in the help. */
final class Values {
  private static final List<String> ADDRESSES =
      List.of(
          "0",
          "0x1000",
          "0x1100",
          "0x4000",
          "0x8000",
          "0xa000",
          "0x10000",
          "0x100000",
          "0x1000000",
          "0x40000000",
          "0xffffffff",
          "0xc0001000",
          "0xffffffff81000000",
          "0xffffffff81010000",
          "0xffffffff80000000",
          "0xffff888000001000",
          "0xffff800008000000",
          "0x7fffffffffffffff",
          "0x8000000000000000",
          "0xfffffffffffff000",
          "0xffffffffffffffff");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "2",
          "3",
          "8",
          "15",
          "16",
          "255",
          "256",
          "4095",
          "4KiB",
          "4097",
          "0x10000",
          "1MiB",
          "64MiB",
          "0x7fffffff",
          "0x80000000",
          "1TiB",
          "0x7fffffffffffffff",
          "0xffffffffffffffff",
          "-1",
          "4k",
          "");
  private static final List<String> TYPES =
      List.of(
          "sample_item",
          "struct list_head",
          "sample_item.list.next",
          "sample_item.numbers[1]",
          "sample_state",
          "sample_work_t",
          "sample_work",
          "int",
          "sample_itme",
          "[0]",
          ".");
  private static final List<String> TEXTS =
      List.of(
          "panic",
          "_stext",
          "_stext+4",
          "*",
          "f*",
          "?",
          "[a-",
          "log_buf+0xffffffffffffffff",
          "x86_64",
          "arm64",
          "err+",
          "+warn",
          "0,7",
          "\u001b[2J",
          "init_uts_ns",
          "linux_banner",
          "%s%n",
          "a=b",
          "\ud83d\ude00",
          "",
          "9999999999999999999999");

  private final Random random;

  Values(Random random) {
    this.random = random;
  }

  /** A value for {@code label}: ADDR, RANGE, FILE…. */
  String of(String label, Path folder, Seed seed) {
    if (random.nextInt(20) == 0) {
      return any(TEXTS);
    }
    if (label.contains("@")) {
      return range() + "@" + (random.nextInt(3) == 0 ? file(folder, seed) + ":" : "") + number();
    }
    if (label.startsWith("RANGE")) {
      return range();
    }
    if (label.startsWith("NAME=")) {
      return "name=" + file(folder, seed);
    }
    if (label.equals("NAME")) {
      return any(TYPES);
    }
    if (label.startsWith("NAME")) {
      return random.nextInt(3) == 0 ? any(ADDRESSES) : any(TEXTS);
    }
    return switch (label) {
      case "ADDR", "ADDR[+SIZE]" -> any(ADDRESSES);
      case "N", "SIZE", "BYTE", "LEVEL" -> number();
      case "FILE", "RAM", "IN", "FILE-or-DIR" -> file(folder, seed);
      case "DIR" -> random.nextInt(4) == 0 ? "/nowhere" : folder.resolve("out").toString();
      default -> any(List.of(any(TEXTS), any(ADDRESSES), number(), range()));
    };
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String number() {
    return random.nextInt(3) == 0 ? any(ADDRESSES) : any(NUMBERS);
  }

  private String range() {
    return any(ADDRESSES) + (random.nextBoolean() ? "-" + any(ADDRESSES) : "+" + number());
  }

  private String file(Path folder, Seed seed) {
    return switch (random.nextInt(10)) {
      case 0 -> folder.toString();
      case 1 -> "/nowhere";
      default -> folder.resolve(any(seed.files()).name()).toString();
    };
  }
}
