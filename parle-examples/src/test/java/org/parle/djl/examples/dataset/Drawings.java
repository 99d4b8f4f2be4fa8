package org.parle.djl.examples.dataset;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

import javax.imageio.ImageIO;

/** Folders of small images, each class of a colour of its own. */
final class Drawings {

    private static final Random RANDOM = new Random(1);

    private Drawings() {}

    /** Makes train and test with so many images of each class. */
    static Path folder(int images, String... classes) throws IOException {
        Path folder = Files.createTempDirectory("parle");
        for (String half : new String[] {"train", "test"}) {
            int colour = 0xff;
            for (String one : classes) {
                draw(folder.resolve(half).resolve(one), images, colour);
                colour <<= 8;
            }
        }
        return folder;
    }

    static void draw(Path place, int images, int colour) throws IOException {
        Files.createDirectories(place);
        for (int i = 0; i < images; i++) {
            BufferedImage image = new BufferedImage(12, 10, BufferedImage.TYPE_INT_RGB);
            for (int x = 0; x < image.getWidth(); x++) {
                for (int y = 0; y < image.getHeight(); y++) {
                    image.setRGB(x, y, colour ^ (RANDOM.nextInt() & 0x3f3f3f));
                }
            }
            ImageIO.write(image, "png", place.resolve(i + ".png").toFile());
        }
    }
}
