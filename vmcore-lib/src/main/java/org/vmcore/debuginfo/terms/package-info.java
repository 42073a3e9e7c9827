/** What those who ask for a debug file and those who write it speak of. */
@NullMarked
package org.vmcore.debuginfo.terms;

import org.jspecify.annotations.NullMarked;
