package org.parle.djl.data;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.translate.Pipeline;

import java.lang.reflect.Field;
import java.util.stream.Collectors;

/** What a data set does to each of its items. */
final class Preparation {

    private Preparation() {}

    /**
     * Describes it.
     *
     * @param set any of DJL's
     * @return the names of its transforms' classes, in their order; {@code nothing} for none
     */
    static String of(RandomAccessDataset set) {
        String data = names(set, "pipeline");
        String labels = names(set, "targetPipeline");
        return (data.isEmpty() ? "nothing" : data)
                + (labels.isEmpty() ? "" : "; of labels " + labels);
    }

    private static String names(RandomAccessDataset set, String name) {
        try {
            // protected, so part of DJL's API, but only for subclasses
            Field field = RandomAccessDataset.class.getDeclaredField(name);
            field.setAccessible(true);
            Pipeline pipeline = (Pipeline) field.get(set);
            return pipeline == null
                    ? ""
                    : pipeline.getTransforms().stream()
                            .map(one -> one.getClass().getSimpleName())
                            // lambdas have numbers of this process
                            .map(one -> one.replaceAll("\\$\\$Lambda.*", " lambda"))
                            .collect(Collectors.joining(", "));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // what cannot be seen is not compared
            return "";
        }
    }
}
