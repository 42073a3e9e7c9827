/**
 * Searching memory for what no header tells of: an elfcorehdr, the VMCOREINFO note.
 *
 * <p>Start with {@link org.vmcore.search.ElfcorehdrSearch} and {@link
 * org.vmcore.search.VmcoreInfoSearch}; one scanner serves both. What is found is parsed as strictly
 * as the crash kernel does, and all candidates are reported, the best first.
 */
@NullMarked
package org.vmcore.search;

import org.jspecify.annotations.NullMarked;
