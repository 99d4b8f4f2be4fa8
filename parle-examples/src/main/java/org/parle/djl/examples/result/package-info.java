/** What runs have left in their logs, alone and side by side. */
package org.parle.djl.examples.result;
