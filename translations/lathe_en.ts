<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
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
</TS>
