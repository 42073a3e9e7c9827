/** RAM in LiME's format. Start with {@link org.vmcore.format.lime.LimeFormat}. */
@NullMarked
package org.vmcore.format.lime;

import org.jspecify.annotations.NullMarked;
