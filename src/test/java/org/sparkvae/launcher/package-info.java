/** Tests of the launcher and the other scripts, without the job. */
package org.sparkvae.launcher;
