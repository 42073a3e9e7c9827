package org.vmcore.remoteproc.kernel;

/**
 * What the kernel's driver core knows of a device: {@code struct device}.
 *
 * @param address kernel virtual
 * @param name {@code remoteproc0}; empty when it can't be read
 * @param references how many hold it
 * @param isInitialized whether it has been set up, and not been let go
 * @param isInSysfs whether it is in sysfs
 * @param parent the address of the device above it; 0 for none
 * @param driver the address of its driver; 0 for none
 * @param type the address of its class; 0 for none
 * @param release the address of the function that is called when nobody holds it
 */
record Device(
    long address,
    String name,
    long references,
    boolean isInitialized,
    boolean isInSysfs,
    long parent,
    long driver,
    long type,
    long release) {}
