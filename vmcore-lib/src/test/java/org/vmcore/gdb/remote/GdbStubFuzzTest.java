package org.vmcore.gdb.remote;

import static org.vmcore.testing.StacksKernel.FAULT;
import static org.vmcore.testing.StacksKernel.SCHEDULE;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.testing.FuzzTarget;
import org.vmcore.testing.StacksKernel;

/** Any bytes as what a client of the stub sends. */
class GdbStubFuzzTest extends FuzzTarget {
  private static final FileSystem FILES = Jimfs.newFileSystem(Configuration.unix());

  /** One packet with its framing, and what acknowledges it. */
  private static final int MOST = PacketReader.MOST + 8;

  private final GdbStub stub;

  GdbStubFuzzTest() throws IOException {
    StacksKernel kernel = new StacksKernel();
    long ran = kernel.tasks().process(9, "culprit");
    long pointer = kernel.sleeping(ran, SCHEDULE);
    kernel.tasks().running(0, ran);
    Vmcore vmcore = Vmcore.open(kernel.dump(9, FAULT, pointer).writeTo(FILES.getPath("dump")));
    Files.write(FILES.getPath("vmlinux"), new byte[100]);
    ServedFile file =
        ServedFile.making("/vmlinux", () -> Files.newByteChannel(FILES.getPath("vmlinux")));
    stub = GdbStub.of(vmcore, Kernel.of(vmcore), Optional.of(file));
  }

  @Override
  protected List<byte[]> seeds() {
    return List.of(
        new Client().packet("qSupported").packet("QStartNoAckMode").packet("?").bytes(),
        new Client().packet("qfThreadInfo").packet("Hg9").packet("g").packet("p3").bytes(),
        new Client().packet("mffffffff81001000,10").packet("xffffffff81001000,10").bytes(),
        new Client().packet("qXfer:threads:read::0,fff").packet("vCont;c").packet("D").bytes(),
        new Client()
            .packet("vFile:open:2f766d6c696e7578,0,0")
            .packet("vFile:fstat:3")
            .packet("vFile:pread:3,10,0")
            .bytes());
  }

  @Override
  protected void fuzz(byte[] input) throws IOException {
    Bounded out = new Bounded();
    stub.serve(new ByteArrayInputStream(input), out);
  }

  /** Fails when more is written at once than a packet. */
  private static final class Bounded extends ByteArrayOutputStream {
    @Override
    public void write(byte[] bytes) {
      if (bytes.length > MOST) {
        throw new AssertionError("a packet of " + bytes.length + " bytes");
      }
    }
  }
}
