/**
 * Files on web servers, read in place by ranges: as much of a file system as reading one needs, so
 * that a URL is a {@link java.nio.file.Path} like that of any other provider.
 *
 * <p>Start with {@link org.vmcore.http.HttpFiles}. Nothing of it, and no HTTP client, is loaded
 * before a URL is opened.
 */
@NullMarked
package org.vmcore.http;

import org.jspecify.annotations.NullMarked;
