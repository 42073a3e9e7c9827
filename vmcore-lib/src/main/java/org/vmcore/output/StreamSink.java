package org.vmcore.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.vmcore.io.FileKind;

/** A device, a pipe or a descriptor of this process, written in order. */
final class StreamSink implements Sink {
  private final Target.Direct target;
  private final FileChannel channel;
  private final boolean sync;

  private StreamSink(Target.Direct target, FileChannel channel, boolean sync) {
    this.target = target;
    this.channel = channel;
    this.sync = sync;
  }

  static StreamSink open(Target.Direct target, OutputFile.Options options) throws IOException {
    // What the disk holds can be waited for; a pipe or a terminal refuses fsync.
    boolean stored = target.kind() == FileKind.REGULAR || target.kind() == FileKind.BLOCK_DEVICE;
    return new StreamSink(target, channel(target), stored && options.sync());
  }

  private static FileChannel channel(Target.Direct target) throws IOException {
    return switch (target.descriptor()) {
      // Opened anew they would start at the file's first byte, and a socket could not be opened.
      case 1 -> shared(FileDescriptor.out);
      case 2 -> shared(FileDescriptor.err);
      default ->
          target.kind() == FileKind.REGULAR
              ? FileChannel.open(target.path(), StandardOpenOption.APPEND)
              : FileChannel.open(target.path(), StandardOpenOption.WRITE);
    };
  }

  @SuppressWarnings("resource") // closing it would close the process's standard output
  private static FileChannel shared(FileDescriptor descriptor) {
    return new FileOutputStream(descriptor).getChannel();
  }

  @Override
  public boolean sparse() {
    return false;
  }

  @Override
  public boolean isPipe() {
    return target.kind() == FileKind.PIPE || target.kind() == FileKind.SOCKET;
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    while (source.hasRemaining()) {
      channel.write(source);
    }
  }

  @Override
  public void commit(long length) throws IOException {
    if (sync) {
      channel.force(true);
    }
    if (!target.isStandard()) {
      channel.close();
    }
  }

  @Override
  public void close() {
    if (target.isStandard()) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // What was written was reported when it was written.
    }
  }
}
