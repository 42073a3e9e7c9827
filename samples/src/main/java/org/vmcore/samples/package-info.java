/** Makes the sample dumps of this folder, and measures. */
@NullMarked
package org.vmcore.samples;

import org.jspecify.annotations.NullMarked;
