/** Temporary files of this process, and cleanup of those that killed processes left behind. */
package org.sparkvae.cleanup;
