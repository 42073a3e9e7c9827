package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.fdt.DeviceTree;
import org.vmcore.fdt.TreeNode;
import org.vmcore.fdt.TreeProperty;
import org.vmcore.testing.DumpBuilder;

class BuildCommandTest {
  @TempDir Path folder;
  private Path ram;
  private Path out;

  @BeforeEach
  void makeRam() throws IOException {
    ram = Ram.crashed().writeTo(folder.resolve("ram"));
    out = folder.resolve("vmcore");
  }

  private byte[] built(Object... args) throws IOException {
    Object[] line = new Object[args.length + 4];
    System.arraycopy(new Object[] {"build", "--force", "-o", out}, 0, line, 0, 4);
    System.arraycopy(args, 0, line, 4, args.length);
    assertThat(Run.of(line).ok().out()).isEmpty();
    return Files.readAllBytes(out);
  }

  private static byte[] areas(byte[] image) {
    return Arrays.copyOfRange(image, 0x2000, image.length);
  }

  @Test
  void headerAndNotesAreTheKernels() throws IOException {
    ByteBuffer image = ByteBuffer.wrap(built(ram)).order(ByteOrder.LITTLE_ENDIAN);

    assertThat(image.capacity()).isEqualTo(Ram.IMAGE_SIZE);
    assertThat(image.getInt(0)).isEqualTo(0x464c457f);
    assertThat(image.getShort(56)).as("e_phnum").isEqualTo((short) 3);
    assertThat(image.getInt(64)).as("p_type").isEqualTo(4);
    assertThat(image.getLong(64 + 8)).as("p_offset").isEqualTo(0x1000);
    assertThat(image.getLong(64 + 48)).as("p_align").isEqualTo(4);
    assertThat(image.getLong(64 + 56 + 8)).as("p_offset").isEqualTo(0x2100);
    assertThat(image.getLong(64 + 56 + 24)).as("p_paddr").isEqualTo(0x1100);
    assertThat(image.getLong(64 + 112 + 8)).as("p_offset").isEqualTo(0x5000);
    assertThat(image.getInt(0x1000)).as("n_namesz").isEqualTo(5);
    assertThat(image.getInt(0x1000 + 20 + 32)).as("pid").isEqualTo(4711);
  }

  @Test
  void paddingIsZeroOrOldMemory() throws IOException {
    assertThat(areas(built(ram))).isEqualTo(Ram.areas(0));
    assertThat(areas(built("--padding", "zero", ram))).isEqualTo(Ram.areas(0));
    assertThat(areas(built("--padding", "oldmem", ram))).isEqualTo(Ram.areas(0xee));
  }

  @Test
  void noteAlignIsTheCallersToChoose() throws IOException {
    byte[] newer = built("--note-align", "4", ram);
    byte[] older = built("--note-align", "0", ram);

    assertThat(newer).isEqualTo(built(ram));
    assertThat(older[64 + 48]).isZero();
    older[64 + 48] = 4;
    assertThat(older).isEqualTo(newer);
  }

  @Test
  void everyWayToTheHeadersLeadsToTheSame() throws IOException {
    byte[] found = built(ram);
    Path headers = Files.write(folder.resolve("headers"), Ram.headers(Ram.machine()));
    Path bare = Ram.of(Ram.machine()).writeTo(folder.resolve("bare"));

    for (String address : new String[] {"0xa000", "40K", "40960", "0x1000@0xa000", "4K@40K"}) {
      assertThat(built("--elfcorehdr", address, ram)).isEqualTo(found);
    }
    assertThat(built("--elfcorehdr-file", headers, bare)).isEqualTo(found);
    assertThat(built("--dtb", deviceTree(0xa000), ram)).isEqualTo(found);
    assertThat(built("--oldmem", ram)).isEqualTo(found);
  }

  private Path deviceTree(int address) throws IOException {
    byte[] cells = new byte[] {0, 0, 0, 0, 0, 0, (byte) (address >> 8), 0, 0, 0, 0x10, 0};
    TreeNode chosen = TreeNode.of("chosen", TreeProperty.of("linux,elfcorehdr", cells));
    DeviceTree tree = DeviceTree.of(TreeNode.of("", chosen));
    return Files.write(folder.resolve("dtb"), tree.toBytes());
  }

  @Test
  void limeTellsWhereItsRamIs() throws IOException {
    byte[] found = built(ram);

    assertThat(built(Ram.crashed().writeLime(folder.resolve("one"), 0))).isEqualTo(found);
    assertThat(built(Ram.crashed().writeLime(folder.resolve("two"), 0, 0x6000))).isEqualTo(found);
  }

  @Test
  void ramMapTellsWhereRamIs() throws IOException {
    Path turned = folder.resolve("turned");
    Files.write(turned, Ram.crashed().bytes(0x4000, Ram.SIZE));
    Files.write(turned, Ram.crashed().bytes(0, 0x4000), StandardOpenOption.APPEND);

    assertThat(built("--ram-map", "0x4000-0xafff@0,0-0x3fff@28KiB", turned)).isEqualTo(built(ram));
    assertThat(built("--ram-map", "16KiB+28KiB@0,0+16KiB@0x7000", turned)).isEqualTo(built(ram));
  }

  @Test
  void whatIsOutsideOfTheMapIsZeros() throws IOException {
    Run.of("build", "--ram-map", "0-0x5fff@0,0x7000-0xafff@0x7000", "-o", out, ram)
        .fails(0, "vmcore: " + ram + ": 4096 bytes not RAM: written as zeros");

    byte[] expected = Ram.areas(0);
    Arrays.fill(expected, 0x4000, 0x5000, (byte) 0);
    assertThat(areas(Files.readAllBytes(out))).isEqualTo(expected);
  }

  @Test
  void whatTheImageIsTooShortForIsLost() throws IOException {
    Path headers = Files.write(folder.resolve("headers"), Ram.headers(Ram.machine()));
    Path turned = folder.resolve("turned");
    Files.write(turned, Ram.crashed().bytes(0x7000, Ram.SIZE));
    Files.write(turned, Ram.crashed().bytes(0, 0x6800), StandardOpenOption.APPEND);

    Run.of(
            "build",
            "--elfcorehdr-file",
            headers,
            "--ram-map",
            "0x7000-0xafff@0,0-0x6fff@0x4000",
            "-o",
            out,
            turned)
        .fails(
            3,
            "vmcore: "
                + turned
                + ": 2048 bytes lost: written as zeros (offset 0xa800: the file"
                + " ends here)");

    byte[] expected = Ram.areas(0);
    Arrays.fill(expected, 0x4800, 0x5000, (byte) 0);
    assertThat(areas(Files.readAllBytes(out))).isEqualTo(expected);
  }

  @Test
  void deviceDumpsStandBeforeTheNotes() throws IOException {
    byte[] without = built(ram);
    Path registers = Files.writeString(folder.resolve("registers"), "0123456789");
    byte[] image = built("--device-dump", "nic0=" + registers, ram);

    ByteBuffer note = ByteBuffer.allocate(0x1000).order(ByteOrder.LITTLE_ENDIAN);
    note.putInt(8).putInt(4096 - 20).putInt(0x700).put(text("LINUX\0\0\0")).put(text("nic0"));
    note.position(64).put(text("0123456789"));
    assertThat(Arrays.copyOfRange(image, 0x1000, 0x2000)).isEqualTo(note.array());
    assertThat(Arrays.copyOfRange(image, 0x2000, image.length))
        .isEqualTo(Arrays.copyOfRange(without, 0x1000, without.length));
    long notes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).getLong(64 + 32);
    assertThat(notes)
        .isEqualTo(ByteBuffer.wrap(without).order(ByteOrder.LITTLE_ENDIAN).getLong(64 + 32) + 4096);
    assertThat(Run.of("notes", out).ok().lines().get(1)).startsWith("0 LINUX ");
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void deviceDumpsHaveTheKernelsLimits() throws IOException {
    Path empty = Files.write(folder.resolve("empty"), new byte[0]);
    Run.of("build", "--device-dump", "nic0=" + empty, "-o", out, ram)
        .misused(
            "vmcore build",
            "--device-dump nic0="
                + empty
                + ": a device dump of 0 bytes: 1 to 4292870144 are possible (EINVAL)");
    Run.of("build", "--device-dump", "n".repeat(44) + "=" + ram, "-o", out, ram)
        .misused(
            "vmcore build",
            "--device-dump "
                + "n".repeat(44)
                + "="
                + ram
                + ": a device dump's name takes 1 to 43 bytes, not 44 (EINVAL)");
    Run.of("build", "--device-dump", "nic0=/nowhere", "-o", out, ram)
        .fails(1, "vmcore: /nowhere: no such file or directory");
    Run.of("build", "--device-dump", "nic0", "-o", out, ram)
        .misused(
            "vmcore build",
            "Invalid value for option '--device-dump' (NAME=FILE): 'nic0' is not NAME=FILE");
    assertThat(out).doesNotExist();
  }

  @Test
  void rangesOutsideOfRamAreZeros() throws IOException {
    DumpBuilder outside = Ram.machine().load(0x10_0000, new byte[0]).memsz(0x1000).filesz(0x1000);
    Path image = Ram.of(outside).put(Ram.HEADERS, Ram.headers(outside)).writeTo(ram);

    Run.of("build", "-o", out, image)
        .fails(0, "vmcore: " + image + ": 4096 bytes not RAM: written as zeros");
    assertThat(out).hasSize(Ram.IMAGE_SIZE + 0x1000);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void memoryDeviceIsReadByItsRamMap() throws IOException {
    Path headers = DumpBuilder.elf64().load(0x1000, 0x1000).writeTo(folder.resolve("headers"));

    byte[] image = built("--elfcorehdr-file", headers, "--ram-map", "0-0xffff@0", "/dev/zero");

    assertThat(image).hasSize(0x2000);
    assertThat(Arrays.copyOfRange(image, 0x1000, 0x2000)).containsOnly(0);
    Run.of("build", "-o", folder.resolve("other"), "--elfcorehdr-file", headers, "/dev/zero")
        .fails(1, "vmcore: /dev/zero: a device doesn't tell where its RAM lies: a RAM map must");
  }
}
