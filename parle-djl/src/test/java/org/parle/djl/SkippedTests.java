package org.parle.djl;

import org.testng.ISuite;
import org.testng.ISuiteListener;
import org.testng.ISuiteResult;
import org.testng.ITestResult;

/** Says at the end which tests were skipped and why; Surefire gives only their number. */
public class SkippedTests implements ISuiteListener {

    @Override
    public void onFinish(ISuite suite) {
        for (ISuiteResult part : suite.getResults().values()) {
            for (ITestResult test : part.getTestContext().getSkippedTests().getAllResults()) {
                System.out.printf(
                        "SKIPPED %s.%s: %s%n",
                        test.getTestClass().getRealClass().getSimpleName(),
                        test.getName(),
                        test.getThrowable() == null ? "" : test.getThrowable().getMessage());
            }
        }
    }
}
