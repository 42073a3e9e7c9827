package org.vmcore.output;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;

/** A regular file written at positions, whole or not at all; holes where there are zeros. */
final class PlacedFile implements PlacedOutput {
  private final String name;
  private final StagedFile file;
  private final BlockWriter writer;
  private long size;

  private PlacedFile(String name, StagedFile file) {
    this.name = name;
    this.file = file;
    this.writer = new BlockWriter(name, file);
  }

  static PlacedFile create(Path target, OutputFile.Options options) throws VmcoreException {
    String name = target.toString();
    try {
      if (Target.of(target) instanceof Target.Whole(Path path)) {
        return new PlacedFile(name, StagedFile.create(path, options));
      }
    } catch (IOException e) {
      throw VmcoreException.of(name, "cannot create: " + IoReason.of(e), e);
    }
    throw VmcoreException.of(
        name, "is no regular file: it can't be written at positions: take --to flat");
  }

  @Override
  public void write(MemorySegment bytes, long position) throws VmcoreException {
    writer.write(bytes, (int) bytes.byteSize(), position);
    size = Math.max(size, position + bytes.byteSize());
  }

  @Override
  public boolean isSparse() {
    return true;
  }

  @Override
  public void requireRoom(long bytes, String what) throws VmcoreException {
    file.requireRoom(name, bytes, what);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void complete() throws VmcoreException {
    try {
      file.complete(size);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void rename() throws VmcoreException {
    try {
      file.rename();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private VmcoreException failure(IOException e) {
    return VmcoreException.of(name, "cannot complete: " + IoReason.of(e), e);
  }

  @Override
  public void takeBack() {
    file.takeBack();
  }

  @Override
  public void close() {
    file.close();
  }

  @Override
  public String toString() {
    return "PlacedFile[" + name + "]";
  }
}
