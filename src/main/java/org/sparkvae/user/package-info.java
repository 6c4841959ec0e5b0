/** The user that a process runs as. */
package org.sparkvae.user;
