import ai.djl.Device;
import ai.djl.Model;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.*;
import ai.djl.nn.core.Linear;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.training.*;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.NoopTranslator;

import org.parle.djl.*;
import org.parle.djl.data.*;
import org.parle.djl.schedule.*;
import org.parle.djl.topology.*;

import java.nio.file.Path;
import java.util.*;

/** What the pages' blocks take as given. */
abstract class Page {
    Model model;
    RandomAccessDataset train;
    RandomAccessDataset test;
    Path folder;
    Replica replica;
    DefaultTrainingConfig config;
    int epochs;

    abstract Block block();

    void run() throws Exception {
        /* block */
    }
}
