/** What a run did, as data: lines of JSON, a table in CSV, and event files for TensorBoard. */
package org.parle.djl.monitor;
