package org.vmcore.format.foreign;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.vmcore.format.foreign.Signature.start;
import static org.vmcore.format.foreign.Signature.u32;

import java.util.List;

/**
 * What hypervisors save of a guest in order to run it again. Sources: libvirt's {@code
 * qemu_saveimage.h}; QEMU's {@code migration/savevm.c}; crash's {@code vmware_vmss.h}; Xen's {@code
 * xl.h} and {@code xg_sr_stream_format.h}; VirtualBox's {@code SSM.cpp}; Proxmox' {@code vma.h}.
 */
final class GuestStates {
  private static final String VIRSH =
      "`virsh dump --memory-only GUEST FILE` makes a dump that opens; `virsh restore` brings back a"
          + " guest that was saved, to be dumped so";
  private static final String QEMU =
      "`virsh dump --memory-only GUEST FILE`, or QEMU's own `dump-guest-memory FILE`, makes a dump"
          + " that opens; -incoming \"exec:cat STATE\" brings"
          + " the guest back, to be dumped so";
  private static final String XEN =
      "after `xl restore` the guest can be crashed into its own kdump: `xl sysrq GUEST c`";
  private static final String VMWARE =
      "`vmss2core -M X.vmss X.vmem` makes an ELF dump of it; X.vmem beside it is raw memory, for"
          + " --ram-map";

  static final List<Signature> ALL =
      List.of(
          start("LibvirtQemudSave", "a guest saved by libvirt (virsh save, virsh dump)", VIRSH),
          start("LibvirtQemudPart", "a guest half saved by libvirt (virsh save)", VIRSH),
          start("QEVM", "QEMU's migration stream (virsh dump without --memory-only)", QEMU),
          start("libvirt-xml\n \0 \r", "a Xen guest saved by libvirt", XEN),
          start("Xen saved domain, xl format\n", "a Xen guest saved by xl", XEN),
          start("LinuxGuestRecord", "a Xen guest saved by xm", XEN),
          start("XenSavedDomain\n", "a Xen guest saved by xend", XEN),
          start("\377\377\377\377\377\377\377\377XENF", "Xen's migration stream", XEN),
          vmware(0xbed0_bed0),
          vmware(0xbed2_bed0),
          vmware(0xbed1_bed1),
          vmware(0xbad1_bad1),
          vmware(0xbad2_bad2),
          vmware(0xbed2_bed2),
          vmware(0xbed3_bed3),
          start(
              "\177VirtualBox SavedState",
              "a guest saved by VirtualBox",
              "`VBoxManage debugvm GUEST dumpvmcore --filename=FILE` makes an ELF dump"),
          start(
              "VMA\0",
              "a backup by Proxmox (vzdump)",
              "`vma extract FILE DIR` unpacks it; a guest's memory is in it only as state: "
                  + QEMU));

  private GuestStates() {}

  private static Signature vmware(int magic) {
    return start(u32(magic, LITTLE_ENDIAN), "a guest's state by VMware (vmss, vmsn)", VMWARE);
  }
}
