/**
 * The host's system calls, as far as Java has no other way to them: through the foreign function
 * API.
 *
 * <p>Start with {@link org.vmcore.host.Host}, which says whether they can be had and, if not, why.
 * It knows of no dump: what is mapped is the matter of {@code mapping}, where holes of files are
 * that of {@code io}.
 */
@NullMarked
package org.vmcore.host;

import org.jspecify.annotations.NullMarked;
