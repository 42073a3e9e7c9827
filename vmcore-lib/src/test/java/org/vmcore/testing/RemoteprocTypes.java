package org.vmcore.testing;

/** The types of {@link RemoteprocKernel}. */
final class RemoteprocTypes {
  static final int RPROC_SIZE = 176;

  private final BtfBuilder b = new BtfBuilder();
  private final int u8 = b.unsigned("unsigned char", 1);
  private final int u16 = b.unsigned("unsigned short", 2);
  private final int u32 = b.unsigned("unsigned int", 4);
  private final int s32 = b.signed("int", 4);
  private final int word = b.unsigned("unsigned long", 8);
  private final int bool = b.bool();
  private final int any = b.pointer(0);
  private final int text = b.pointer(b.signed("char", 1));
  private final int list =
      b.struct("list_head", 16).member("next", any, 0).member("prev", any, 8).end();
  private final int device = device();

  private RemoteprocTypes() {}

  static byte[] bytes() {
    RemoteprocTypes types = new RemoteprocTypes();
    types.sysfs();
    types.processor();
    types.virtio();
    types.coredump();
    return types.b.build();
  }

  private int device() {
    int atomic = b.struct("", 4).member("counter", s32, 0).end();
    int count = b.struct("refcount_struct", 4).member("refs", atomic, 0).end();
    int kref = b.struct("kref", 4).member("refcount", count, 0).end();
    int kobject =
        b.struct("kobject", 24)
            .member("name", text, 0)
            .member("sd", any, 8)
            .member("kref", kref, 16)
            .bits("state_initialized", u32, 160, 1)
            .bits("state_in_sysfs", u32, 161, 1)
            .end();
    return b.struct("device", 56)
        .member("kobj", kobject, 0)
        .member("parent", any, 24)
        .member("driver", any, 32)
        .member("class", any, 40)
        .member("release", any, 48)
        .end();
  }

  private void sysfs() {
    int rb =
        b.struct("rb_node", 24)
            .member("__rb_parent_color", word, 0)
            .member("rb_right", any, 8)
            .member("rb_left", any, 16)
            .end();
    int root = b.struct("rb_root", 8).member("rb_node", any, 0).end();
    int dir = b.struct("kernfs_elem_dir", 8).member("children", root, 0).end();
    int link = b.struct("kernfs_elem_symlink", 8).member("target_kn", any, 0).end();
    int kind = b.union("", 8).member("dir", dir, 0).member("symlink", link, 0).end();
    b.struct("kernfs_node", 64)
        .member("parent", any, 0)
        .member("name", text, 8)
        .member("rb", rb, 16)
        .member("", kind, 40)
        .member("priv", any, 48)
        .member("flags", u16, 56)
        .end();
  }

  private void processor() {
    b.enumeration("rproc_state", false)
        .value("RPROC_OFFLINE", 0)
        .value("RPROC_SUSPENDED", 1)
        .value("RPROC_RUNNING", 2)
        .value("RPROC_CRASHED", 3)
        .end();
    int mode =
        b.enumeration("rproc_dump_mechanism", false)
            .value("RPROC_COREDUMP_DISABLED", 0)
            .value("RPROC_COREDUMP_ENABLED", 1)
            .value("RPROC_COREDUMP_INLINE", 2)
            .end();
    int atomic = b.struct("atomic", 4).member("counter", s32, 0).end();
    b.struct("rproc_ops", 8).member("da_to_va", any, 0).end();
    b.struct("rproc", RPROC_SIZE)
        .member("node", list, 0)
        .member("name", text, 16)
        .member("firmware", text, 24)
        .member("ops", any, 32)
        .member("dev", device, 40)
        .member("power", atomic, 96)
        .member("state", u32, 100)
        .member("dump_conf", mode, 104)
        .member("crash_cnt", u32, 108)
        .member("recovery_disabled", bool, 112)
        .member("elf_class", u8, 113)
        .member("elf_machine", u16, 114)
        .member("bootaddr", word, 120)
        .member("carveouts", list, 128)
        .member("rvdevs", list, 144)
        .member("dump_segments", list, 160)
        .end();
    b.struct("rproc_dump_segment", 48)
        .member("node", list, 0)
        .member("da", word, 16)
        .member("size", word, 24)
        .member("priv", any, 32)
        .member("dump", any, 40)
        .end();
    b.struct("rproc_mem_entry", 88)
        .member("va", any, 0)
        .member("is_iomem", bool, 8)
        .member("dma", word, 16)
        .member("len", word, 24)
        .member("da", u32, 32)
        .member("name", b.array(b.signed("char", 1), 32), 40)
        .member("node", list, 72)
        .end();
  }

  private void virtio() {
    int vring =
        b.struct("rproc_vring", 24)
            .member("num", s32, 0)
            .member("align", u32, 4)
            .member("notifyid", s32, 8)
            .member("vq", any, 16)
            .end();
    b.struct("rproc_vdev", 96)
        .member("pdev", any, 0)
        .member("id", u32, 8)
        .member("node", list, 16)
        .member("index", u32, 32)
        .member("vring", b.array(vring, 2), 40)
        .end();
    b.struct("platform_device", 64).member("dev", device, 8).end();
    b.struct("virtqueue", 24).member("list", list, 0).member("vdev", any, 16).end();
    int id = b.struct("virtio_device_id", 8).member("device", u32, 0).end();
    b.struct("virtio_device", 88)
        .member("index", s32, 0)
        .member("dev", device, 8)
        .member("id", id, 64)
        .member("vqs", list, 72)
        .end();
  }

  private void coredump() {
    b.struct("devcd_entry", 88)
        .member("devcd_dev", device, 0)
        .member("data", any, 56)
        .member("datalen", word, 64)
        .member("read", any, 72)
        .member("failing_dev", any, 80)
        .end();
    b.struct("rproc_coredump_state", 16).member("rproc", any, 0).member("header", any, 8).end();
  }
}
