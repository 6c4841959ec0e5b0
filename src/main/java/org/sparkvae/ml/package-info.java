/**
 * The model as Spark ML knows models: an Estimator that is fitted to a DataFrame of images, and a
 * Model that adds their reconstructions. The verbs stand on the same trainers and the same
 * decoding.
 */
package org.sparkvae.ml;
