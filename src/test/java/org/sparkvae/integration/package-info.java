/** Tests of the whole job: its jar and its launcher, in processes of their own or on clusters. */
package org.sparkvae.integration;
