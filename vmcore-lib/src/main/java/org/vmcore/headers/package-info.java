/** The crash headers: what the first kernel tells the second of its memory. */
@NullMarked
package org.vmcore.headers;

import org.jspecify.annotations.NullMarked;
