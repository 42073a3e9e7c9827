package org.vmcore.image;

import org.vmcore.elf.Note;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.QemuCpuState;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.Vmcoredd;
import org.vmcore.memory.VmcoreException;

/** A note of an image: its header's fields, and the way to its descriptor. */
record ImageNote(
    int index,
    int segment,
    String name,
    int type,
    long offset,
    long descOffset,
    long descsz,
    NoteContents contents)
    implements Note {
  @Override
  public byte[] descriptor(int most) throws VmcoreException {
    return contents.descriptor(this, most);
  }

  @Override
  public PrStatus prStatus() throws VmcoreException {
    return contents.prStatus(this);
  }

  @Override
  public QemuCpuState qemuCpuState() throws VmcoreException {
    return contents.qemuCpuState(this);
  }

  @Override
  public Vmcoredd vmcoredd() throws VmcoreException {
    return contents.vmcoredd(this);
  }

  @Override
  public VmcoreInfo vmcoreInfo() throws VmcoreException {
    return contents.vmcoreInfo(this);
  }

  @Override
  public String toString() {
    return "note " + index + ": " + name + " " + typeName();
  }
}
