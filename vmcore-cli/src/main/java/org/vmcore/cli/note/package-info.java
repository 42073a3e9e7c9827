/**
 * Commands on the notes of a dump: all of them, and the text of VMCOREINFO.
 *
 * <p>Start with {@link org.vmcore.cli.note.NotesCommand}.
 */
@NullMarked
package org.vmcore.cli.note;

import org.jspecify.annotations.NullMarked;
