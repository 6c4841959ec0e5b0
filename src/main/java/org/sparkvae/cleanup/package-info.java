/** What processes leave on a machine that had no time to clear it. */
package org.sparkvae.cleanup;
