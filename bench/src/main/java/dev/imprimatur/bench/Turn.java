package dev.imprimatur.bench;

import dev.imprimatur.bench.LoadProcess.Said;
import java.io.IOException;
import java.time.Duration;

/** One side's turn, with the processor time that each process took for it. */
record Turn(Said said, Duration server, Duration postgres, Duration others) {

    /** How long some processes have worked since they started. */
    interface Worked {
        Worked NOBODY = () -> Duration.ZERO;

        Duration processor() throws IOException;
    }

    static Turn take(Child load, int connections, int seconds, Worked server, Worked postgres) throws IOException {
        Duration ofServer = server.processor();
        Duration ofPostgres = postgres.processor();
        Duration busy = Machine.busy();
        Said said = create(load, connections, seconds);
        ofServer = server.processor().minus(ofServer);
        ofPostgres = postgres.processor().minus(ofPostgres);
        busy = Machine.busy().minus(busy);
        Duration others = busy.minus(ofServer).minus(ofPostgres).minus(said.processor());
        return new Turn(said, ofServer, ofPostgres, others);
    }

    static Said create(Child load, int connections, int seconds) throws IOException {
        load.tell(connections + " " + seconds * 1000);
        return Said.parse(load.answer());
    }

    double perSecond() {
        return said.round().creates() / (said.round().elapsed().toNanos() / 1e9);
    }

    /** Of all processes, for one create. */
    double micros() {
        return micros(said.processor().plus(server).plus(postgres));
    }

    double micros(Duration processor) {
        return processor.toNanos() / 1e3 / said.round().creates();
    }

    double percentOfOthers() {
        return 100.0
                * others.toNanos()
                / said.round().elapsed().toNanos()
                / Runtime.getRuntime().availableProcessors();
    }
}
