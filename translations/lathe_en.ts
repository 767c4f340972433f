<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ArchitectureScenes</name>
    <message numerus="yes">
        <source>%n completed trial(s) without parents.</source>
        <translation>
            <numerusform>%n completed trial without parents.</numerusform>
            <numerusform>%n completed trials without parents.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n completed trial(s)</source>
        <translation>
            <numerusform>%n completed trial</numerusform>
            <numerusform>%n completed trials</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them children of others.</source>
        <translation>
            <numerusform>%n of them a child of another.</numerusform>
            <numerusform>%n of them children of others.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Trial %1 has %n ancestor(s).</source>
        <translation>
            <numerusform>Trial %1 has %n ancestor.</numerusform>
            <numerusform>Trial %1 has %n ancestors.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Spearman&apos;s ρ %1 over %n trial(s)</source>
        <translation>
            <numerusform>Spearman&apos;s ρ %1 over %n trial</numerusform>
            <numerusform>Spearman&apos;s ρ %1 over %n trials</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n completed trial(s).</source>
        <translation>
            <numerusform>%n completed trial.</numerusform>
            <numerusform>%n completed trials.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n epoch(s)</source>
        <translation>
            <numerusform>%n epoch</numerusform>
            <numerusform>%n epochs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GraphBoxes</name>
    <message numerus="yes">
        <source>A network of %n layer(s) in %1 boxes.</source>
        <translation>
            <numerusform>A network of %n layer in %1 boxes.</numerusform>
            <numerusform>A network of %n layers in %1 boxes.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StudyScenes</name>
    <message numerus="yes">
        <source>Best: trial %1 with %2, of %n trial(s).</source>
        <translation>
            <numerusform>Best: trial %1 with %2, of %n trial.</numerusform>
            <numerusform>Best: trial %1 with %2, of %n trials.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Values of %n trial(s) after each epoch.</source>
        <translation>
            <numerusform>Values of %n trial after each epoch.</numerusform>
            <numerusform>Values of %n trials after each epoch.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Values of %n completed trial(s), from %1 to %2.</source>
        <translation>
            <numerusform>Values of %n completed trial, from %1 to %2.</numerusform>
            <numerusform>Values of %n completed trials, from %1 to %2.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trial(s) at a time at most.</source>
        <translation>
            <numerusform>%n trial at a time at most.</numerusform>
            <numerusform>%n trials at a time at most.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n completed trial(s).</source>
        <translation>
            <numerusform>%n completed trial.</numerusform>
            <numerusform>%n completed trials.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trial(s) on the Pareto front.</source>
        <translation>
            <numerusform>%n trial on the Pareto front.</numerusform>
            <numerusform>%n trials on the Pareto front.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Hypervolume after %n trial(s): %1.</source>
        <translation>
            <numerusform>Hypervolume after %n trial: %1.</numerusform>
            <numerusform>Hypervolume after %n trials: %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::ArtefactsModel</name>
    <message numerus="yes">
        <source>Largest difference %1 on %n row(s), checked in %2</source>
        <translation>
            <numerusform>Largest difference %1 on %n row, checked in %2</numerusform>
            <numerusform>Largest difference %1 on %n rows, checked in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Largest difference %1 on %n row(s), checked by Lathe only in %2</source>
        <translation>
            <numerusform>Largest difference %1 on %n row, checked by Lathe only in %2</numerusform>
            <numerusform>Largest difference %1 on %n rows, checked by Lathe only in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 byte(s)</source>
        <translation>
            <numerusform>%1 byte</numerusform>
            <numerusform>%1 bytes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::AugmentPanel</name>
    <message numerus="yes">
        <source>%n training image(s), each beside changed versions of it</source>
        <translation>
            <numerusform>%n training image, each beside changed versions of it</numerusform>
            <numerusform>%n training images, each beside changed versions of it</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::AutopilotLive</name>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n row</numerusform>
            <numerusform>%n rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) trained whole</source>
        <translation>
            <numerusform>%n model trained whole</numerusform>
            <numerusform>%n models trained whole</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n begun, each is a run</source>
        <translation>
            <numerusform>%n begun, it is a run</numerusform>
            <numerusform>%n begun, each is a run</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::AutopilotPlot</name>
    <message numerus="yes">
        <source>%n model(s).</source>
        <translation>
            <numerusform>%n model.</numerusform>
            <numerusform>%n models.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::AutopilotSetup</name>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::ChoicePanel</name>
    <message numerus="yes">
        <source>run %1: %n setting(s)</source>
        <translation>
            <numerusform>run %1: %n setting</numerusform>
            <numerusform>run %1: %n settings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::ChoicePlot</name>
    <message numerus="yes">
        <source>%n setting(s) tried.</source>
        <translation>
            <numerusform>%n setting tried.</numerusform>
            <numerusform>%n settings tried.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::CloseDialog</name>
    <message numerus="yes">
        <source>%n run(s) are training</source>
        <translation>
            <numerusform>%n run is training</numerusform>
            <numerusform>%n runs are training</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Lathe can go on without a window until %n run(s) are done, and a window opened later shows them live. Or training stops at the next step with a checkpoint, and Resume goes on from there.</source>
        <translation>
            <numerusform>Lathe can go on without a window until %n run is done, and a window opened later shows it live. Or training stops at the next step with a checkpoint, and Resume goes on from there.</numerusform>
            <numerusform>Lathe can go on without a window until %n runs are done, and a window opened later shows them live. Or training stops at the next step with a checkpoint, and Resume goes on from there.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::CurvePlot</name>
    <message numerus="yes">
        <source>%n curve(s).</source>
        <translation>
            <numerusform>%n curve.</numerusform>
            <numerusform>%n curves.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::DataInspector</name>
    <message numerus="yes">
        <source>Classification with %n class(es)</source>
        <translation>
            <numerusform>Classification with %n class</numerusform>
            <numerusform>Classification with %n classes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Regression: %n number(s)</source>
        <translation>
            <numerusform>Regression: %n number</numerusform>
            <numerusform>Regression: %n numbers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Any of %n label(s)</source>
        <translation>
            <numerusform>Any of %n label</numerusform>
            <numerusform>Any of %n labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Forecast: the next %n row(s)</source>
        <translation>
            <numerusform>Forecast: the next %n row</numerusform>
            <numerusform>Forecast: the next %n rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::DataPage</name>
    <message numerus="yes">
        <source>%n class(es)</source>
        <translation>
            <numerusform>%n class</numerusform>
            <numerusform>%n classes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n column(s)</source>
        <translation>
            <numerusform>%n column</numerusform>
            <numerusform>%n columns</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 image(s)</source>
        <translation>
            <numerusform>%1 image</numerusform>
            <numerusform>%1 images</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 row(s)</source>
        <translation>
            <numerusform>%1 row</numerusform>
            <numerusform>%1 rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 test row(s)</source>
        <translation>
            <numerusform>%1 test row</numerusform>
            <numerusform>%1 test rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 clip(s)</source>
        <translation>
            <numerusform>%1 clip</numerusform>
            <numerusform>%1 clips</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::DeployPage</name>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n row</numerusform>
            <numerusform>%n rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::DeploymentsModel</name>
    <message numerus="yes">
        <source>Largest difference from the trained model %1 on %n row(s)</source>
        <translation>
            <numerusform>Largest difference from the trained model %1 on %n row</numerusform>
            <numerusform>Largest difference from the trained model %1 on %n rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::DriftPanel</name>
    <message numerus="yes">
        <source>%n row(s) seen since %1; %2 are needed for a comparison. Lathe&apos;s own checks do not count.</source>
        <translation>
            <numerusform>%n row seen since %1; %2 are needed for a comparison. Lathe&apos;s own checks do not count.</numerusform>
            <numerusform>%n rows seen since %1; %2 are needed for a comparison. Lathe&apos;s own checks do not count.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) since %1, beside the training rows</source>
        <translation>
            <numerusform>%n row since %1, beside the training rows</numerusform>
            <numerusform>%n rows since %1, beside the training rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::HeatPlot</name>
    <message numerus="yes">
        <source>%n histogram(s), the last one at step %1: nearly all values lie between %2 and %3.</source>
        <translation>
            <numerusform>%n histogram, the last one at step %1: nearly all values lie between %2 and %3.</numerusform>
            <numerusform>%n histograms, the last one at step %1: nearly all values lie between %2 and %3.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::HistogramDelegate</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::JobsStrip</name>
    <message numerus="yes">
        <source>%n more job(s)</source>
        <translation>
            <numerusform>%n more job</numerusform>
            <numerusform>%n more jobs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trial(s)</source>
        <translation>
            <numerusform>%n trial</numerusform>
            <numerusform>%n trials</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::ModelPage</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 parameter(s)</source>
        <translation>
            <numerusform>%1 parameter</numerusform>
            <numerusform>%1 parameters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::PredictionsPanel</name>
    <message numerus="yes">
        <source>run %1, after epoch %2: %n validation row(s)</source>
        <translation>
            <numerusform>run %1, after epoch %2: %n validation row</numerusform>
            <numerusform>run %1, after epoch %2: %n validation rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::RateDialog</name>
    <message numerus="yes">
        <source>Measuring: %n batch(es) so far.</source>
        <translation>
            <numerusform>Measuring: %n batch so far.</numerusform>
            <numerusform>Measuring: %n batches so far.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::RunNote</name>
    <message numerus="yes">
        <source>%1: the best of %n setting(s) tried.</source>
        <translation>
            <numerusform>%1: the only setting tried.</numerusform>
            <numerusform>%1: the best of %n settings tried.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::SearchBest</name>
    <message numerus="yes">
        <source>%n trial(s) that no other one beats in all goals.</source>
        <translation>
            <numerusform>%n trial that no other one beats in all goals.</numerusform>
            <numerusform>%n trials that no other one beats in all goals.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 %2, mean of %n seed(s)</source>
        <translation>
            <numerusform>%1 %2, one seed</numerusform>
            <numerusform>%1 %2, mean of %n seeds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Trials %1 are tied: over %n new seed(s) and %2 the difference of their %3 may be chance.</source>
        <translation>
            <numerusform>Trials %1 are tied: over %n new seed and %2 the difference of their %3 may be chance.</numerusform>
            <numerusform>Trials %1 are tied: over %n new seeds and %2 the difference of their %3 may be chance.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Trial %1 is better than the others that were trained again: over %n new seed(s) and %2 the difference of their %3 is more than chance (95 %).</source>
        <translation>
            <numerusform>Trial %1 is better than the others that were trained again: over %n new seed and %2 the difference of their %3 is more than chance (95 %).</numerusform>
            <numerusform>Trial %1 is better than the others that were trained again: over %n new seeds and %2 the difference of their %3 is more than chance (95 %).</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::SearchPage</name>
    <message numerus="yes">
        <source>%n studies</source>
        <translation>
            <numerusform>%n study</numerusform>
            <numerusform>%n studies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 %2, %3, %n trial(s), %4</source>
        <comment>number, name, state, when</comment>
        <translation>
            <numerusform>%1 %2, %3, %n trial, %4</numerusform>
            <numerusform>%1 %2, %3, %n trials, %4</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::SearchPictures</name>
    <message numerus="yes">
        <source>%n brushed</source>
        <translation>
            <numerusform>%n brushed</numerusform>
            <numerusform>%n brushed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::SpacePanel</name>
    <message numerus="yes">
        <source>%n open setting(s)</source>
        <translation>
            <numerusform>%n open setting</numerusform>
            <numerusform>%n open settings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::StatusStrip</name>
    <message numerus="yes">
        <source>%1, %n thread(s)</source>
        <translation>
            <numerusform>%1, %n thread</numerusform>
            <numerusform>%1, %n threads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Store: %1 point(s), read-only</source>
        <translation>
            <numerusform>Store: %1 point, read-only</numerusform>
            <numerusform>Store: %1 points, read-only</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Store: %1 point(s)</source>
        <translation>
            <numerusform>Store: %1 point</numerusform>
            <numerusform>Store: %1 points</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::TrainRuns</name>
    <message numerus="yes">
        <source>%n run(s) removed.</source>
        <translation>
            <numerusform>%n run removed.</numerusform>
            <numerusform>%n runs removed.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::TrialsModel</name>
    <message numerus="yes">
        <source>%n epoch(s)</source>
        <translation>
            <numerusform>%n epoch</numerusform>
            <numerusform>%n epochs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Round %1: mean of %n short training(s) of %2 of the steps.</source>
        <translation>
            <numerusform>Round %1: %n short training of %2 of the steps.</numerusform>
            <numerusform>Round %1: mean of %n short trainings of %2 of the steps.</numerusform>
        </translation>
    </message>
</context>
</TS>
