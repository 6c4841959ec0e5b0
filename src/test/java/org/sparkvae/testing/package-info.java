/** What several tests share: processes, finished runs, fixtures. */
package org.sparkvae.testing;
