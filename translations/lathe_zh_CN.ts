<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>ArchitectureScenes</name>
    <message>
        <source>trial</source>
        <translation>试验</translation>
    </message>
    <message>
        <source>%1: trials have no parents</source>
        <translation>%1：试验没有父代</translation>
    </message>
    <message numerus="yes">
        <source>%n completed trial(s) without parents.</source>
        <translation>
            <numerusform>%n 个已完成的试验，没有父代。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n completed trial(s)</source>
        <translation>
            <numerusform>%n 个已完成的试验</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them children of others.</source>
        <translation>
            <numerusform>其中 %n 个是其他试验的子代。</numerusform>
        </translation>
    </message>
    <message>
        <source>ancestors of trial %1</source>
        <translation>试验 %1 的祖先</translation>
    </message>
    <message numerus="yes">
        <source>Trial %1 has %n ancestor(s).</source>
        <translation>
            <numerusform>试验 %1 有 %n 个祖先。</numerusform>
        </translation>
    </message>
    <message>
        <source>The study was started without zero-cost scores.</source>
        <translation>该研究启动时未启用零成本评分。</translation>
    </message>
    <message>
        <source>FLOPs of one row</source>
        <translation>单行 FLOPs</translation>
    </message>
    <message>
        <source>No trial of this study has this score.</source>
        <translation>该研究的试验都没有此评分。</translation>
    </message>
    <message numerus="yes">
        <source>Spearman&apos;s ρ %1 over %n trial(s)</source>
        <translation>
            <numerusform>%n 个试验的 Spearman ρ 为 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 ranks the trials with a Spearman correlation of %2; 1 is the same order.</source>
        <translation>%1 与试验排名的 Spearman 相关系数为 %2；1 表示顺序相同。</translation>
    </message>
    <message>
        <source>too few trials for a correlation</source>
        <translation>试验太少，无法计算相关性</translation>
    </message>
    <message>
        <source>no correlation: one side does not vary</source>
        <translation>无相关性：有一方没有变化</translation>
    </message>
    <message numerus="yes">
        <source>%n completed trial(s).</source>
        <translation>
            <numerusform>%n 个已完成的试验。</numerusform>
        </translation>
    </message>
    <message>
        <source>random green, children blue</source>
        <translation>随机为绿色，子代为蓝色</translation>
    </message>
    <message>
        <source>trained to its end</source>
        <translation>训练至结束</translation>
    </message>
    <message>
        <source>nodes of the cell</source>
        <translation>单元中的节点</translation>
    </message>
    <message>
        <source>operation</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>What the shared network learns is shown when it has been trained.</source>
        <translation>共享网络训练完成后，这里会显示它学到的内容。</translation>
    </message>
    <message numerus="yes">
        <source>%n epoch(s)</source>
        <translation>
            <numerusform>%n 轮</numerusform>
        </translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>training loss</source>
        <translation>训练损失</translation>
    </message>
    <message>
        <source>log probability in the mixture</source>
        <translation>混合网络中的对数概率</translation>
    </message>
    <message>
        <source>%1 with shared weights</source>
        <translation>%1（共享权重）</translation>
    </message>
    <message>
        <source>ended as shortcuts won</source>
        <translation>因捷径占优而结束</translation>
    </message>
    <message>
        <source>ended as the order stayed</source>
        <translation>因操作顺序不再变化而结束</translation>
    </message>
    <message>
        <source>ended as the loss bent more</source>
        <translation>因损失曲率增大而结束</translation>
    </message>
    <message>
        <source>ended by the time limit</source>
        <translation>因时间限制而结束</translation>
    </message>
</context>
<context>
    <name>ArchitectureWords</name>
    <message>
        <source>Nodes</source>
        <translation>节点数</translation>
    </message>
    <message>
        <source>Operation</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>Expansion</source>
        <translation>扩展</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>卷积核</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>Normalisation</source>
        <translation>归一化</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>Dropout</translation>
    </message>
    <message>
        <source>Shortcut</source>
        <translation>捷径</translation>
    </message>
    <message>
        <source>Pooling</source>
        <translation>池化</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Growth of the channels</source>
        <translation>通道增长</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>阶段数</translation>
    </message>
    <message>
        <source>Cells a stage</source>
        <translation>每阶段单元数</translation>
    </message>
    <message>
        <source>Stem</source>
        <translation>主干</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>头部</translation>
    </message>
    <message>
        <source>Hidden layer of the head</source>
        <translation>头部隐藏层</translation>
    </message>
    <message>
        <source>Edge %1 → %2</source>
        <translation>边 %1 → %2</translation>
    </message>
    <message>
        <source>By the data</source>
        <translation>由数据决定</translation>
    </message>
    <message>
        <source>Chains (mlp)</source>
        <translation>链（mlp）</translation>
    </message>
    <message>
        <source>Residual blocks (resmlp)</source>
        <translation>残差块（resmlp）</translation>
    </message>
    <message>
        <source>Cells of convolutions</source>
        <translation>卷积单元</translation>
    </message>
    <message>
        <source>Free lists of nodes</source>
        <translation>自由节点列表</translation>
    </message>
    <message>
        <source>Cells for images, residual blocks for everything else.</source>
        <translation>图像用卷积单元，其余用残差块。</translation>
    </message>
    <message>
        <source>Up to six linear layers, each with a width of its own.</source>
        <translation>至多六个线性层，各有自己的宽度。</translation>
    </message>
    <message>
        <source>Up to six residual blocks of one width: usual for tables.</source>
        <translation>至多六个等宽的残差块：表格常用。</translation>
    </message>
    <message>
        <source>A small graph of operations, repeated, and what surrounds it: for images.</source>
        <translation>重复使用的小型操作图及其外围结构：用于图像。</translation>
    </message>
    <message>
        <source>Up to eight nodes of any kind, with shortcuts between them: the widest space.</source>
        <translation>至多八个任意类型的节点，之间可有捷径：最宽的空间。</translation>
    </message>
    <message>
        <source>Evolution</source>
        <translation>进化</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Parzen trees (TPE)</source>
        <translation>Parzen 树（TPE）</translation>
    </message>
    <message>
        <source>Shared weights (SPOS)</source>
        <translation>共享权重（SPOS）</translation>
    </message>
    <message>
        <source>Mixed operations (DARTS)</source>
        <translation>混合操作（DARTS）</translation>
    </message>
    <message>
        <source>Children of good architectures by one change each; the oldest leave. Good without more ado.</source>
        <translation>好架构各改一处产生子代，最老的退出。无需多想的好选择。</translation>
    </message>
    <message>
        <source>Draws each architecture by itself: the honest baseline.</source>
        <translation>独立抽取每个架构：诚实的基线。</translation>
    </message>
    <message>
        <source>Models what good and bad architectures have in common.</source>
        <translation>对好架构与差架构的共同点建模。</translation>
    </message>
    <message>
        <source>As TPE, and stops what falls behind early (Hyperband).</source>
        <translation>同 TPE，并提前停止落后者（Hyperband）。</translation>
    </message>
    <message>
        <source>Trains one network that holds all architectures, then trains the paths that it thinks best.</source>
        <translation>训练一个包含所有架构的网络，再训练它认为最好的路径。</translation>
    </message>
    <message>
        <source>Trains one network whose edges mix all operations, then trains what they prefer: for cells.</source>
        <translation>训练一个每条边混合所有操作的网络，再训练其偏好的结果：用于单元。</translation>
    </message>
    <message>
        <source>Node %1: %2</source>
        <comment>number, gene</comment>
        <translation>节点 %1：%2</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>shortcut</source>
        <translation>捷径</translation>
    </message>
    <message>
        <source>convolution</source>
        <translation>卷积</translation>
    </message>
    <message>
        <source>residual</source>
        <translation>残差</translation>
    </message>
    <message>
        <source>bottleneck</source>
        <translation>瓶颈</translation>
    </message>
    <message>
        <source>separable</source>
        <translation>可分离</translation>
    </message>
    <message>
        <source>dilated</source>
        <translation>空洞</translation>
    </message>
    <message>
        <source>linear</source>
        <translation>线性</translation>
    </message>
    <message>
        <source>gated</source>
        <translation>门控</translation>
    </message>
    <message>
        <source>batch</source>
        <translation>批</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>whole size</source>
        <translation>原尺寸</translation>
    </message>
    <message>
        <source>halved</source>
        <translation>减半</translation>
    </message>
    <message>
        <source>maximum</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>average</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>flattened</source>
        <translation>展平</translation>
    </message>
    <message>
        <source>node %1</source>
        <translation>节点 %1</translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation>梯度范数</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>FLOPs</source>
        <translation>FLOPs</translation>
    </message>
    <message>
        <source>How much flows through the untrained network when all weights are positive</source>
        <translation>所有权重取正时流过未训练网络的量</translation>
    </message>
    <message>
        <source>How differently the untrained network answers to different rows</source>
        <translation>未训练网络对不同行的响应差异</translation>
    </message>
    <message>
        <source>Length of the first gradient</source>
        <translation>首个梯度的长度</translation>
    </message>
    <message>
        <source>The plain baseline that every score has to beat</source>
        <translation>任何评分都须胜过的朴素基线</translation>
    </message>
    <message>
        <source>Of one row, forward</source>
        <translation>单行前向</translation>
    </message>
    <message>
        <source>convolution %1</source>
        <translation>卷积 %1</translation>
    </message>
    <message>
        <source>dilated %1</source>
        <translation>空洞 %1</translation>
    </message>
    <message>
        <source>max pool %1</source>
        <translation>最大池化 %1</translation>
    </message>
    <message>
        <source>average pool %1</source>
        <translation>平均池化 %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>node&apos;s number, gene</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Shared network</source>
        <translation>共享网络</translation>
    </message>
    <message>
        <source>What the network of shared weights thought of the architecture</source>
        <translation>共享权重网络对该架构的评价</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>%1 %</source>
        <comment>percent</comment>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 天 %2 小时</translation>
    </message>
    <message>
        <source>%1 %2/s</source>
        <translation>%1 %2/秒</translation>
    </message>
    <message>
        <source>d MMM</source>
        <comment>day and month, as QLocale reads it</comment>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>day, month and year</comment>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>pausing</source>
        <translation>正在暂停</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>completed</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>pruned</source>
        <translation>已剪枝</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>integer</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>real</source>
        <translation>实数</translation>
    </message>
    <message>
        <source>boolean</source>
        <translation>布尔</translation>
    </message>
    <message>
        <source>category</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>id-like</source>
        <translation>标识</translation>
    </message>
    <message>
        <source>image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>audio</source>
        <translation>音频</translation>
    </message>
    <message>
        <source>feature</source>
        <translation>特征</translation>
    </message>
    <message>
        <source>target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>ignore</source>
        <translation>忽略</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>classification</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>regression</source>
        <translation>回归</translation>
    </message>
    <message>
        <source>acc</source>
        <comment>accuracy, short</comment>
        <translation>准确率</translation>
    </message>
    <message>
        <source>bal acc</source>
        <comment>balanced accuracy, short</comment>
        <translation>平衡准确率</translation>
    </message>
    <message>
        <source>val %1</source>
        <comment>a validation metric, short</comment>
        <translation>验证%1</translation>
    </message>
    <message>
        <source>train %1</source>
        <comment>a training metric, short</comment>
        <translation>训练%1</translation>
    </message>
    <message>
        <source>test %1</source>
        <comment>a test metric, short</comment>
        <translation>测试%1</translation>
    </message>
    <message>
        <source>Validation %1</source>
        <translation>验证集%1</translation>
    </message>
    <message>
        <source>Training %1</source>
        <translation>训练集%1</translation>
    </message>
    <message>
        <source>Test %1</source>
        <translation>测试集%1</translation>
    </message>
    <message>
        <source>several labels</source>
        <translation>多标签</translation>
    </message>
    <message>
        <source>quantiles</source>
        <translation>分位数</translation>
    </message>
    <message>
        <source>anomalies</source>
        <translation>异常</translation>
    </message>
    <message>
        <source>forecast</source>
        <translation>未来预测</translation>
    </message>
    <message>
        <source>loss</source>
        <comment>a metric, short</comment>
        <translation>损失</translation>
    </message>
    <message>
        <source>log loss</source>
        <comment>a metric, short</comment>
        <translation>对数损失</translation>
    </message>
</context>
<context>
    <name>FormatWords</name>
    <message>
        <source>ONNX</source>
        <translation>ONNX</translation>
    </message>
    <message>
        <source>Read by most other programs, ONNX Runtime first</source>
        <translation>多数其他程序都能读取，首先是 ONNX Runtime</translation>
    </message>
    <message>
        <source>TorchScript</source>
        <translation>TorchScript</translation>
    </message>
    <message>
        <source>Read by LibTorch and PyTorch</source>
        <translation>由 LibTorch 和 PyTorch 读取</translation>
    </message>
    <message>
        <source>TorchServe archive</source>
        <translation>TorchServe 归档</translation>
    </message>
    <message>
        <source>A .mar with its own handler: rows by column name, CSV, images</source>
        <translation>自带处理程序的 .mar：按列名的行、CSV、图像</translation>
    </message>
    <message>
        <source>TensorFlow SavedModel</source>
        <translation>TensorFlow SavedModel</translation>
    </message>
    <message>
        <source>A folder of versions for TensorFlow Serving and TensorFlow</source>
        <translation>供 TensorFlow Serving 和 TensorFlow 使用的版本文件夹</translation>
    </message>
    <message>
        <source>Triton repository</source>
        <translation>Triton 仓库</translation>
    </message>
    <message>
        <source>The ONNX model with its configuration for Triton Inference Server</source>
        <translation>ONNX 模型及其 Triton Inference Server 配置</translation>
    </message>
    <message>
        <source>C source</source>
        <translation>C 源代码</translation>
    </message>
    <message>
        <source>One C99 file without dependencies, for small devices</source>
        <translation>一个没有依赖的 C99 文件，适合小型设备</translation>
    </message>
    <message>
        <source>int8, calibrated on training rows</source>
        <translation>int8，用训练行校准</translation>
    </message>
</context>
<context>
    <name>GraphBoxes</name>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Features</source>
        <translation>特征</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Sequence</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message numerus="yes">
        <source>A network of %n layer(s) in %1 boxes.</source>
        <translation>
            <numerusform>%n 层的网络，画成 %1 个框。</numerusform>
        </translation>
    </message>
    <message>
        <source>Separable conv</source>
        <translation>可分离卷积</translation>
    </message>
    <message>
        <source>Conv</source>
        <translation>卷积</translation>
    </message>
    <message>
        <source>%1 %2, %3</source>
        <comment>Conv 3x3, 32: kind, kernel, channels</comment>
        <translation>%1 %2，%3</translation>
    </message>
    <message>
        <source>, dilated</source>
        <translation>，空洞</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>Linear, 64: kind, width</comment>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>求和</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>乘积</translation>
    </message>
</context>
<context>
    <name>LayersModel</name>
    <message>
        <source>There is no layer kind %1.</source>
        <translation>没有名为 %1 的层类型。</translation>
    </message>
    <message>
        <source>%1 is not of the form name=value.</source>
        <translation>%1 不是 名称=值 的形式。</translation>
    </message>
    <message>
        <source>%1 has no setting %2.</source>
        <translation>%1 没有设置项 %2。</translation>
    </message>
    <message>
        <source>Did you mean %1?</source>
        <translation>是否想输入 %1？</translation>
    </message>
    <message>
        <source>%1 cannot be %2.</source>
        <translation>%1 不能是 %2。</translation>
    </message>
    <message>
        <source>A name starts with a letter and holds letters, digits and _ only.</source>
        <translation>名称以字母开头，只能含字母、数字和 _。</translation>
    </message>
    <message>
        <source>The name %1 is taken.</source>
        <translation>名称 %1 已被使用。</translation>
    </message>
</context>
<context>
    <name>Outlook</name>
    <message>
        <source>%1, because a learning rate is given. Clear the rate to have both chosen.</source>
        <translation>%1，因为已给定学习率。清空学习率则两者都自动选择。</translation>
    </message>
    <message>
        <source>%1, which %2 was tuned with. Choose another one to change that.</source>
        <translation>%1，%2 就是用它调优的。选择其他优化器即可更改。</translation>
    </message>
    <message>
        <source>%1, since %2 finds the rate while it trains.</source>
        <translation>%1，因为 %2 在训练中自行找到学习率。</translation>
    </message>
    <message>
        <source>%1, as %2 was tuned with.</source>
        <translation>%1，%2 就是用它调优的。</translation>
    </message>
    <message>
        <source>Chosen with the optimiser and its momentum, by short trainings before the first step.</source>
        <translation>在第一步之前通过短训练与优化器及其动量一起选择。</translation>
    </message>
    <message>
        <source>Chosen by short trainings before the first step, around %1, the usual rate of %2.</source>
        <translation>在第一步之前通过短训练选择，在 %2 的常用学习率 %1 附近。</translation>
    </message>
    <message>
        <source>The momentum is tried with it.</source>
        <translation>动量也一起尝试。</translation>
    </message>
    <message>
        <source>Measured before the first step: the smallest size that is nearly as fast as any.</source>
        <translation>在第一步之前测量：取速度接近最快的最小批大小。</translation>
    </message>
    <message>
        <source>32 to 256, by the number of training rows.</source>
        <translation>32 到 256，按训练行数而定。</translation>
    </message>
    <message>
        <source>At most %1: how many are worth it is found by short trainings before the first step.</source>
        <translation>最多 %1：在第一步之前通过短训练找出多少轮值得。</translation>
    </message>
    <message>
        <source>As many as are usual for the model and the number of rows.</source>
        <translation>按模型和行数的常用轮数。</translation>
    </message>
    <message>
        <source>%1, as is usual for %2 on %3 training rows.</source>
        <translation>%1，对于 %3 个训练行上的 %2 是常用值。</translation>
    </message>
    <message>
        <source>this model</source>
        <translation>此模型</translation>
    </message>
    <message>
        <source>Around %1, as %2 was tuned with: a third and three times that are tried, too.</source>
        <translation>%1 左右（%2 即以此调优）：还会尝试它的三分之一和三倍。</translation>
    </message>
    <message>
        <source>%1, for %2 training rows. Type &quot;%3&quot; to find by measuring which size is fast enough.</source>
        <translation>%1，对应 %2 个训练行。输入“%3”可通过测量找出足够快的大小。</translation>
    </message>
    <message>
        <source>measure</source>
        <translation>测量</translation>
    </message>
</context>
<context>
    <name>Progress</name>
    <message>
        <source>Reading the data</source>
        <translation>正在读取数据</translation>
    </message>
    <message>
        <source>Unpacking the file</source>
        <translation>正在解压文件</translation>
    </message>
    <message>
        <source>Converting the encoding</source>
        <translation>正在转换编码</translation>
    </message>
    <message>
        <source>Reading the rows</source>
        <translation>正在读取各行</translation>
    </message>
    <message>
        <source>Checking the content</source>
        <translation>正在核对内容</translation>
    </message>
    <message>
        <source>Looking at the columns</source>
        <translation>正在查看各列</translation>
    </message>
    <message>
        <source>Preparing the data</source>
        <translation>正在准备数据</translation>
    </message>
    <message>
        <source>Writing the model</source>
        <translation>正在写入模型</translation>
    </message>
    <message>
        <source>Verifying in a fresh process</source>
        <translation>正在新进程中验证</translation>
    </message>
    <message>
        <source>Predicting</source>
        <translation>正在预测</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>正在处理</translation>
    </message>
    <message>
        <source>Reading the text</source>
        <translation>正在读取文本</translation>
    </message>
    <message>
        <source>Decoding the files</source>
        <translation>正在解码文件</translation>
    </message>
    <message>
        <source>Comparing with float32</source>
        <translation>正在与 float32 比较</translation>
    </message>
    <message>
        <source>Looking for the server</source>
        <translation>正在寻找服务器</translation>
    </message>
    <message>
        <source>Registering the model</source>
        <translation>正在注册模型</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>正在训练</translation>
    </message>
    <message>
        <source>Watching the new version</source>
        <translation>正在观察新版本</translation>
    </message>
</context>
<context>
    <name>SpecForm</name>
    <message>
        <source>epochs</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>as stored</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Optimiser</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>学习率计划</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>Preprocessing</source>
        <translation>预处理</translation>
    </message>
    <message>
        <source>SGD</source>
        <translation>SGD</translation>
    </message>
    <message>
        <source>Adam</source>
        <translation>Adam</translation>
    </message>
    <message>
        <source>AdamW</source>
        <translation>AdamW</translation>
    </message>
    <message>
        <source>Constant</source>
        <translation>恒定</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>阶梯</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Cross-entropy</source>
        <translation>交叉熵</translation>
    </message>
    <message>
        <source>Squared error</source>
        <translation>平方误差</translation>
    </message>
    <message>
        <source>Huber</source>
        <translation>Huber</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>CUDA</source>
        <translation>CUDA</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>越小越好</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>越大越好</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Stratified</source>
        <translation>分层</translation>
    </message>
    <message>
        <source>By group</source>
        <translation>按组</translation>
    </message>
    <message>
        <source>By time</source>
        <translation>按时间</translation>
    </message>
    <message>
        <source>Median</source>
        <translation>中位数</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>Zero</source>
        <translation>零</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>标准</translation>
    </message>
    <message>
        <source>Robust</source>
        <translation>稳健</translation>
    </message>
    <message>
        <source>Quantile</source>
        <translation>分位数</translation>
    </message>
    <message>
        <source>One-hot</source>
        <translation>独热</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Classification</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Regression</source>
        <translation>回归</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>余弦</translation>
    </message>
    <message>
        <source>On plateau</source>
        <translation>平台期下降</translation>
    </message>
    <message>
        <source>Tanh</source>
        <translation>Tanh</translation>
    </message>
    <message>
        <source>Over the batch</source>
        <translation>按批</translation>
    </message>
    <message>
        <source>Over the layer</source>
        <translation>按层</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>展平</translation>
    </message>
    <message>
        <source>Average</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>batches</source>
        <translation>批</translation>
    </message>
    <message>
        <source>degrees</source>
        <translation>度</translation>
    </message>
    <message>
        <source>Average of weights</source>
        <translation>权重平均</translation>
    </message>
    <message>
        <source>Fine points</source>
        <translation>细节</translation>
    </message>
    <message>
        <source>Augmentation</source>
        <translation>数据增强</translation>
    </message>
    <message>
        <source>RMSprop</source>
        <translation>RMSprop</translation>
    </message>
    <message>
        <source>Adagrad</source>
        <translation>Adagrad</translation>
    </message>
    <message>
        <source>Adadelta</source>
        <translation>Adadelta</translation>
    </message>
    <message>
        <source>NAdam</source>
        <translation>NAdam</translation>
    </message>
    <message>
        <source>RAdam</source>
        <translation>RAdam</translation>
    </message>
    <message>
        <source>Lion</source>
        <translation>Lion</translation>
    </message>
    <message>
        <source>LAMB</source>
        <translation>LAMB</translation>
    </message>
    <message>
        <source>Muon</source>
        <translation>Muon</translation>
    </message>
    <message>
        <source>Prodigy</source>
        <translation>Prodigy</translation>
    </message>
    <message>
        <source>D-Adaptation</source>
        <translation>D-Adaptation</translation>
    </message>
    <message>
        <source>Schedule-free SGD</source>
        <translation>免计划 SGD</translation>
    </message>
    <message>
        <source>Schedule-free AdamW</source>
        <translation>免计划 AdamW</translation>
    </message>
    <message>
        <source>YellowFin</source>
        <translation>YellowFin</translation>
    </message>
    <message>
        <source>One cycle</source>
        <translation>单周期</translation>
    </message>
    <message>
        <source>Cosine with restarts</source>
        <translation>带重启的余弦</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>线性</translation>
    </message>
    <message>
        <source>Polynomial</source>
        <translation>多项式</translation>
    </message>
    <message>
        <source>Exponential</source>
        <translation>指数</translation>
    </message>
    <message>
        <source>Flat, then cosine</source>
        <translation>先平后余弦</translation>
    </message>
    <message>
        <source>Four waves</source>
        <translation>四个波</translation>
    </message>
    <message>
        <source>Exponential (EMA)</source>
        <translation>指数平均（EMA）</translation>
    </message>
    <message>
        <source>Of epochs (SWA)</source>
        <translation>各轮平均（SWA）</translation>
    </message>
    <message>
        <source>Focal</source>
        <translation>Focal</translation>
    </message>
    <message>
        <source>Binary cross-entropy</source>
        <translation>二元交叉熵</translation>
    </message>
    <message>
        <source>Absolute error</source>
        <translation>绝对误差</translation>
    </message>
    <message>
        <source>Poisson</source>
        <translation>泊松</translation>
    </message>
    <message>
        <source>Pinball</source>
        <translation>分位数损失</translation>
    </message>
    <message>
        <source>Most probable</source>
        <translation>概率最大的类别</translation>
    </message>
    <message>
        <source>Best balanced accuracy</source>
        <translation>平衡准确率最高</translation>
    </message>
    <message>
        <source>Best F1</source>
        <translation>F1 最高</translation>
    </message>
    <message>
        <source>Several labels</source>
        <translation>多标签</translation>
    </message>
    <message>
        <source>Sigmoid</source>
        <translation>Sigmoid</translation>
    </message>
    <message>
        <source>Hardsigmoid</source>
        <translation>Hardsigmoid</translation>
    </message>
    <message>
        <source>Nearest</source>
        <translation>最近邻</translation>
    </message>
    <message>
        <source>Bilinear</source>
        <translation>双线性</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Repeat the edge</source>
        <translation>重复边缘</translation>
    </message>
    <message>
        <source>Waves</source>
        <translation>波</translation>
    </message>
    <message>
        <source>Learnt</source>
        <translation>可学习</translation>
    </message>
    <message>
        <source>Whole sequence</source>
        <translation>整个序列</translation>
    </message>
    <message>
        <source>First step</source>
        <translation>第一步</translation>
    </message>
    <message>
        <source>Last step</source>
        <translation>最后一步</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>Before each part</source>
        <translation>每部分之前</translation>
    </message>
    <message>
        <source>After each part</source>
        <translation>每部分之后</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>轻微</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>自定义</translation>
    </message>
    <message>
        <source>Black</source>
        <translation>黑色</translation>
    </message>
    <message>
        <source>Its edge</source>
        <translation>图像边缘</translation>
    </message>
    <message>
        <source>Ready weights</source>
        <translation>现成权重</translation>
    </message>
    <message>
        <source>Sequence</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Every epoch</source>
        <translation>每轮</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Fused</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>Reconstruction</source>
        <translation>重建误差</translation>
    </message>
    <message>
        <source>Anomalies</source>
        <translation>异常</translation>
    </message>
    <message>
        <source>All but the output layer</source>
        <translation>除输出层外全部</translation>
    </message>
    <message>
        <source>The same at first, then none</source>
        <translation>先同上，之后不冻结</translation>
    </message>
    <message>
        <source>Of these images</source>
        <translation>按这些图像</translation>
    </message>
    <message>
        <source>ImageNet&apos;s</source>
        <translation>按 ImageNet</translation>
    </message>
    <message>
        <source>At a quarter of the size</source>
        <translation>以四分之一尺寸</translation>
    </message>
    <message>
        <source>At the whole size</source>
        <translation>以完整尺寸</translation>
    </message>
    <message>
        <source>Forecast</source>
        <translation>未来预测</translation>
    </message>
</context>
<context>
    <name>StudyScenes</name>
    <message>
        <source>Appears when the first trial has completed.</source>
        <translation>首个试验完成后显示。</translation>
    </message>
    <message>
        <source>trial</source>
        <translation>试验</translation>
    </message>
    <message>
        <source>best so far</source>
        <translation>目前最佳</translation>
    </message>
    <message numerus="yes">
        <source>Best: trial %1 with %2, of %n trial(s).</source>
        <translation>
            <numerusform>最佳：试验 %1，值为 %2，共 %n 个试验。</numerusform>
        </translation>
    </message>
    <message>
        <source>Appears with the first epochs of the trials.</source>
        <translation>试验完成首批轮次后显示。</translation>
    </message>
    <message>
        <source>fold</source>
        <translation>折</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>best 10 % green, stopped ones grey</source>
        <translation>最佳 10 % 为绿色，被停止的为灰色</translation>
    </message>
    <message numerus="yes">
        <source>Values of %n trial(s) after each epoch.</source>
        <translation>
            <numerusform>%n 个试验每轮之后的值。</numerusform>
        </translation>
    </message>
    <message>
        <source>Appears when some trials have completed.</source>
        <translation>若干试验完成后显示。</translation>
    </message>
    <message>
        <source>share of the importance</source>
        <translation>重要性占比</translation>
    </message>
    <message>
        <source>explains only %1: not to be trusted yet</source>
        <translation>仅解释 %1：尚不可信</translation>
    </message>
    <message>
        <source>explains %1</source>
        <translation>解释 %1</translation>
    </message>
    <message>
        <source>%1 matters most: %2.</source>
        <translation>%1 最重要：%2。</translation>
    </message>
    <message>
        <source>share of the trials</source>
        <translation>试验占比</translation>
    </message>
    <message numerus="yes">
        <source>Values of %n completed trial(s), from %1 to %2.</source>
        <translation>
            <numerusform>%n 个已完成试验的值，从 %1 到 %2。</numerusform>
        </translation>
    </message>
    <message>
        <source>Appears when the first trial runs.</source>
        <translation>首个试验运行后显示。</translation>
    </message>
    <message>
        <source>seconds since the study began</source>
        <translation>自研究开始的秒数</translation>
    </message>
    <message>
        <source>worker</source>
        <translation>工作线程</translation>
    </message>
    <message>
        <source>completed green, stopped grey, failed red, running blue</source>
        <translation>完成为绿色，停止为灰色，失败为红色，运行中为蓝色</translation>
    </message>
    <message numerus="yes">
        <source>%n trial(s) at a time at most.</source>
        <translation>
            <numerusform>同时最多 %n 个试验。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n completed trial(s).</source>
        <translation>
            <numerusform>%n 个已完成的试验。</numerusform>
        </translation>
    </message>
    <message>
        <source>Needs two settings that are open.</source>
        <translation>需要两个开放的设置。</translation>
    </message>
    <message>
        <source>Pareto front</source>
        <translation>帕累托前沿</translation>
    </message>
    <message numerus="yes">
        <source>%n trial(s) on the Pareto front.</source>
        <translation>
            <numerusform>帕累托前沿上有 %n 个试验。</numerusform>
        </translation>
    </message>
    <message>
        <source>hypervolume</source>
        <translation>超体积</translation>
    </message>
    <message numerus="yes">
        <source>Hypervolume after %n trial(s): %1.</source>
        <translation>
            <numerusform>%n 个试验后的超体积：%1。</numerusform>
        </translation>
    </message>
    <message>
        <source>Appears when the first trial has completed. Dragging along an axis then filters the trials.</source>
        <translation>首个试验完成后显示。之后沿坐标轴拖动可筛选试验。</translation>
    </message>
    <message>
        <source>top %1 of %2 settings</source>
        <translation>%2 项设置中的前 %1 项</translation>
    </message>
    <message>
        <source>colour: %1</source>
        <translation>颜色：%1</translation>
    </message>
</context>
<context>
    <name>StudyWords</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>Quasi-random (QMC)</source>
        <translation>准随机（QMC）</translation>
    </message>
    <message>
        <source>Parzen trees (TPE)</source>
        <translation>Parzen 树（TPE）</translation>
    </message>
    <message>
        <source>Gaussian process (GP)</source>
        <translation>高斯过程（GP）</translation>
    </message>
    <message>
        <source>Expected hypervolume (EHVI)</source>
        <translation>期望超体积（EHVI）</translation>
    </message>
    <message>
        <source>Differential evolution</source>
        <translation>差分进化</translation>
    </message>
    <message>
        <source>Regularised evolution</source>
        <translation>正则化进化</translation>
    </message>
    <message>
        <source>Simulated annealing</source>
        <translation>模拟退火</translation>
    </message>
    <message>
        <source>Takes what suits the space, the goals and the number of trials, and says why.</source>
        <translation>按空间、目标和试验数选取合适者，并说明原因。</translation>
    </message>
    <message>
        <source>Draws each configuration by itself: the honest baseline.</source>
        <translation>独立抽取每个配置：诚实的基线。</translation>
    </message>
    <message>
        <source>Goes through all combinations; numbers are divided evenly.</source>
        <translation>遍历所有组合；数值均匀划分。</translation>
    </message>
    <message>
        <source>Spreads configurations evenly: better than random for a few dozen trials.</source>
        <translation>均匀分布配置：几十个试验时优于随机。</translation>
    </message>
    <message>
        <source>Models what good and bad trials have in common. Quick, takes any space.</source>
        <translation>对好与差的试验各自的共性建模。速度快，适用任何空间。</translation>
    </message>
    <message>
        <source>Models the goal itself: the fewest trials for up to some twenty numbers.</source>
        <translation>对目标本身建模：二十个以内的数值时所需试验最少。</translation>
    </message>
    <message>
        <source>Adapts a normal distribution: good for many numbers and some hundred trials.</source>
        <translation>自适应正态分布：适合多个数值与数百个试验。</translation>
    </message>
    <message>
        <source>Evolves a population towards the Pareto front of several goals.</source>
        <translation>使种群朝多个目标的帕累托前沿进化。</translation>
    </message>
    <message>
        <source>As NSGA-II, for four goals and more.</source>
        <translation>同 NSGA-II，用于四个及以上目标。</translation>
    </message>
    <message>
        <source>TPE for several goals.</source>
        <translation>用于多个目标的 TPE。</translation>
    </message>
    <message>
        <source>A Gaussian process for several goals: the fewest trials.</source>
        <translation>用于多个目标的高斯过程：所需试验最少。</translation>
    </message>
    <message>
        <source>Combines differences of good configurations; needs no model.</source>
        <translation>组合好配置之间的差分；不需要模型。</translation>
    </message>
    <message>
        <source>Mutates the best of a few, the oldest dies: good for architectures.</source>
        <translation>变异少数中的最佳者，淘汰最老者：适合网络结构。</translation>
    </message>
    <message>
        <source>Walks from one configuration to its neighbours, more and more picky.</source>
        <translation>从一个配置走向其邻居，越来越挑剔。</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Median</source>
        <translation>中位数</translation>
    </message>
    <message>
        <source>Percentile</source>
        <translation>百分位数</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>耐心</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Successive halving</source>
        <translation>逐次减半</translation>
    </message>
    <message>
        <source>Wilcoxon test</source>
        <translation>Wilcoxon 检验</translation>
    </message>
    <message>
        <source>Population-based training</source>
        <translation>基于种群的训练</translation>
    </message>
    <message>
        <source>Every trial is trained to its end.</source>
        <translation>每个试验都训练到底。</translation>
    </message>
    <message>
        <source>Stops a trial that is worse than the median of the others at the same epoch.</source>
        <translation>停止在同一轮次差于其他试验中位数的试验。</translation>
    </message>
    <message>
        <source>As the median, with another share.</source>
        <translation>同中位数，但比例不同。</translation>
    </message>
    <message>
        <source>Stops a trial that has not improved for some epochs.</source>
        <translation>停止若干轮没有改进的试验。</translation>
    </message>
    <message>
        <source>Stops a trial whose value leaves the bounds.</source>
        <translation>停止值超出界限的试验。</translation>
    </message>
    <message>
        <source>Trains many for a moment and goes on with the best third, again and again.</source>
        <translation>先短暂训练许多试验，再反复让最好的三分之一继续。</translation>
    </message>
    <message>
        <source>Successive halving without waiting: trials pause and go on from their checkpoint when they are among the best third.</source>
        <translation>不等待的逐次减半：试验暂停，进入最好的三分之一时从检查点继续。</translation>
    </message>
    <message>
        <source>Successive halving with several compromises between many and long.</source>
        <translation>逐次减半，在数量与时长之间采用多种折中。</translation>
    </message>
    <message>
        <source>Hyperband that proposes by TPE.</source>
        <translation>用 TPE 提议的 Hyperband。</translation>
    </message>
    <message>
        <source>Hyperband that proposes by differential evolution.</source>
        <translation>用差分进化提议的 Hyperband。</translation>
    </message>
    <message>
        <source>Stops a trial once a test over its reports says that it is worse.</source>
        <translation>一旦对其报告的检验表明更差，即停止该试验。</translation>
    </message>
    <message>
        <source>The worst of a population take over the weights of the best and go on with changed settings.</source>
        <translation>种群中最差者接过最佳者的权重，并以改变的设置继续。</translation>
    </message>
    <message>
        <source>latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>Latency of one row</source>
        <translation>单行延迟</translation>
    </message>
    <message>
        <source>size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Size of the exported file</source>
        <translation>导出文件的大小</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Number of parameters</source>
        <translation>参数数量</translation>
    </message>
    <message>
        <source>FLOPs</source>
        <translation>FLOPs</translation>
    </message>
    <message>
        <source>FLOPs of one row</source>
        <translation>单行 FLOPs</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>Hidden layers</source>
        <translation>隐藏层数</translation>
    </message>
    <message>
        <source>Width of hidden layers</source>
        <translation>隐藏层宽度</translation>
    </message>
    <message>
        <source>Convolution layers</source>
        <translation>卷积层数</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道数</translation>
    </message>
    <message>
        <source>Width of hidden layer %1</source>
        <translation>第 %1 个隐藏层的宽度</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>log</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>步长 %1</translation>
    </message>
    <message>
        <source>real number</source>
        <translation>实数</translation>
    </message>
    <message>
        <source>whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>categories</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>ordered choices</source>
        <translation>有序选项</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
</context>
<context>
    <name>data</name>
    <message>
        <source>Column {column} is ignored: it has the same value, or none, in every row.</source>
        <translation>列 {column} 已忽略：所有行的值相同或为空。</translation>
    </message>
    <message>
        <source>Remove it from the file, or leave it so.</source>
        <translation>从文件中移除它，或保持不变。</translation>
    </message>
    <message>
        <source>Column {column} is ignored: it looks like an identifier of the rows.</source>
        <translation>列 {column} 已忽略：它像是各行的标识。</translation>
    </message>
    <message>
        <source>Give it the role feature if it says something about the target.</source>
        <translation>如果它与目标有关，请将角色设为特征。</translation>
    </message>
    <message>
        <source>Column {column} is ignored: its dates may be day/month or month/day.</source>
        <translation>列 {column} 已忽略：其日期可能是 日/月 或 月/日。</translation>
    </message>
    <message>
        <source>Write the dates as yyyy-mm-dd.</source>
        <translation>请将日期写成 yyyy-mm-dd。</translation>
    </message>
    <message>
        <source>Column {column} is ignored: it holds free text.</source>
        <translation>列 {column} 已忽略：它是自由文本。</translation>
    </message>
    <message>
        <source>Give it the kind category if its values are few.</source>
        <translation>如果取值不多，请将类型设为类别。</translation>
    </message>
    <message>
        <source>Column {column} has {count} infinite values; they are taken as missing.</source>
        <translation>列 {column} 有 {count} 个无穷值；按缺失处理。</translation>
    </message>
    <message>
        <source>Check where they come from.</source>
        <translation>请检查它们的来源。</translation>
    </message>
    <message>
        <source>Column {column} has integers beyond 64 bits; they are taken as real numbers with 16 digits.</source>
        <translation>列 {column} 有超过 64 位的整数；按 16 位有效数字的实数处理。</translation>
    </message>
    <message>
        <source>Give it the role ignore if it is an identifier.</source>
        <translation>如果它是标识，请将角色设为忽略。</translation>
    </message>
    <message>
        <source>Column {column} has numbers beyond 3.4e38; models take them as missing.</source>
        <translation>列 {column} 中有超过 3.4e38 的数；模型把它们当作缺失值。</translation>
    </message>
    <message>
        <source>Write the column in a larger unit, or take its logarithm.</source>
        <translation>请改用更大的单位，或取对数。</translation>
    </message>
    <message>
        <source>Column {column} has numbers near {size} that vary by only {spread}; models see them rounded to multiples of {step}.</source>
        <translation>列 {column} 的数值约为 {size}，而变化只有 {spread}；模型看到的是按 {step} 的倍数取整后的值。</translation>
    </message>
    <message>
        <source>Subtract a fixed number from the whole column in the file.</source>
        <translation>请在文件中把整列减去一个固定的数。</translation>
    </message>
    <message>
        <source>Column {column} has integers beyond 16777216; models see them rounded to 7 digits.</source>
        <translation>列 {column} 有大于 16777216 的整数；模型只能看到 7 位有效数字。</translation>
    </message>
    <message>
        <source>Give it the kind category or the role ignore if it is an identifier.</source>
        <translation>如果它是标识，请将类型设为类别或将角色设为忽略。</translation>
    </message>
    <message>
        <source>The last column, {column}, is taken as the target.</source>
        <translation>最后一列 {column} 被作为目标。</translation>
    </message>
    <message>
        <source>Choose another target column if that is wrong.</source>
        <translation>如果不对，请选择其他目标列。</translation>
    </message>
    <message>
        <source>{count} rows have no value in the target column {column}; they are left out.</source>
        <translation>有 {count} 行的目标列 {column} 没有值；这些行不使用。</translation>
    </message>
    <message>
        <source>Fill them in if you can.</source>
        <translation>如有可能请补全。</translation>
    </message>
    <message>
        <source>Column {column} alone tells the target {target}: it may not be known when you predict.</source>
        <translation>仅凭列 {column} 就能得知目标 {target}：预测时可能并不知道它。</translation>
    </message>
    <message>
        <source>Give it the role ignore unless it really is known beforehand.</source>
        <translation>除非事先确实知道它，否则请将角色设为忽略。</translation>
    </message>
    <message>
        <source>Classes with a single row go to train and are never tested: {classes}.</source>
        <translation>只有一行的类别归入训练集，不会被测试：{classes}。</translation>
    </message>
    <message>
        <source>Add rows of these classes, or remove them.</source>
        <translation>请增加这些类别的行，或移除它们。</translation>
    </message>
    <message>
        <source>The classes are uneven: {most} has {mostCount} rows, {least} only {leastCount}.</source>
        <translation>类别不均衡：{most} 有 {mostCount} 行，{least} 只有 {leastCount} 行。</translation>
    </message>
    <message>
        <source>{count} rows of validation and test are exact copies of training rows; scores will look too good.</source>
        <translation>验证集和测试集中有 {count} 行与训练行完全相同；得分会偏高。</translation>
    </message>
    <message>
        <source>Remove duplicate rows, or split by a group column.</source>
        <translation>请移除重复行，或按分组列划分。</translation>
    </message>
    <message>
        <source>{count} images cannot be read and are left out: {names}.</source>
        <translation>有 {count} 张图像无法读取，已略过：{names}。</translation>
    </message>
    <message>
        <source>Replace or remove these files.</source>
        <translation>请替换或移除这些文件。</translation>
    </message>
    <message>
        <source>Column {column} is taken as words: its dates may be day/month or month/day.</source>
        <translation>列 {column} 按文字处理：其中的日期可能是日/月，也可能是月/日。</translation>
    </message>
    <message>
        <source>{count} images of formats that Lathe does not read are left out: {endings}.</source>
        <translation>{count} 张图像的格式 Lathe 无法读取，已略过：{endings}。</translation>
    </message>
    <message>
        <source>Convert them to PNG, JPEG, BMP or WebP.</source>
        <translation>请转换为 PNG、JPEG、BMP 或 WebP。</translation>
    </message>
    <message>
        <source>{count} images that lie beside the class folders are left out.</source>
        <translation>{count} 张不在类别文件夹内的图像已略过。</translation>
    </message>
    <message>
        <source>Move each into the folder of its class.</source>
        <translation>请将每张图像移入其类别的文件夹。</translation>
    </message>
    <message>
        <source>There is no test folder: the images of {folder} are the test set.</source>
        <translation>没有 test 文件夹：{folder} 中的图像用作测试集。</translation>
    </message>
    <message>
        <source>Add a folder named test to keep them for validation.</source>
        <translation>如要将其用于验证，请添加名为 test 的文件夹。</translation>
    </message>
    <message>
        <source>The images of {folder} join those of training; validation rows are drawn from all.</source>
        <translation>{folder} 中的图像并入训练图像；验证行从全部图像中抽取。</translation>
    </message>
    <message>
        <source>Nothing needs to be done.</source>
        <translation>无需处理。</translation>
    </message>
    <message>
        <source>Column {column} is read as plain numbers: {example} in row {row} is {value}.</source>
        <translation>列 {column} 按普通数字读取：第 {row} 行的 {example} 为 {value}。</translation>
    </message>
    <message>
        <source>Set the decimal sign (data.reading.decimal) if that is wrong.</source>
        <translation>如有误，请设置小数点符号（data.reading.decimal）。</translation>
    </message>
    <message>
        <source>Column {column} is taken as words: it mixes percentages or currencies with other numbers.</source>
        <translation>列 {column} 按文字处理：其中百分数或货币与其他数字混用。</translation>
    </message>
    <message>
        <source>Write all its numbers in one unit.</source>
        <translation>请将其中的数字统一为一种单位。</translation>
    </message>
    <message>
        <source>Column {column} is taken as words though it is mostly numbers: row {row} holds {value}.</source>
        <translation>列 {column} 虽多为数字，但按文字处理：第 {row} 行为 {value}。</translation>
    </message>
    <message>
        <source>Correct that cell, or add it to the words for missing values (data.reading.missing).</source>
        <translation>请更正该单元格，或将其加入缺失值写法（data.reading.missing）。</translation>
    </message>
    <message>
        <source>The dates of column {column} are read as month/day, like the others of the file.</source>
        <translation>列 {column} 的日期与文件中其他日期一样，按月/日读取。</translation>
    </message>
    <message>
        <source>Write the dates as yyyy-mm-dd if that is wrong.</source>
        <translation>如有误，请将日期写成 yyyy-mm-dd。</translation>
    </message>
    <message>
        <source>The dates of column {column} are read as day/month, like the others of the file.</source>
        <translation>列 {column} 的日期与文件中其他日期一样，按日/月读取。</translation>
    </message>
    <message>
        <source>The numbers of column {column} are read as dates (yyyymmdd).</source>
        <translation>列 {column} 的数字按日期（yyyymmdd）读取。</translation>
    </message>
    <message>
        <source>Give it the kind category or the role ignore if they are none.</source>
        <translation>如果不是日期，请将其类型设为类别，或将角色设为忽略。</translation>
    </message>
    <message>
        <source>The row below the header is left out, since it holds words above numbers: {units}.</source>
        <translation>表头下一行在数字之上是文字，已略过：{units}。</translation>
    </message>
    <message>
        <source>Remove that row from the file.</source>
        <translation>请从文件中删除该行。</translation>
    </message>
    <message>
        <source>The comma in {example} is taken for the decimal sign; it might separate thousands.</source>
        <translation>{example} 中的逗号被视为小数点；它也可能是千位分隔符。</translation>
    </message>
    <message>
        <source>Column {column} has values that training never saw, in {count} rows, first &quot;{value}&quot; in row {row}; the model takes them as unknown.</source>
        <translation>列 {column} 有 {count} 行的值在训练中从未出现，首个为第 {row} 行的“{value}”；模型将其视为未知。</translation>
    </message>
    <message>
        <source>Check their spelling, or train again with such rows.</source>
        <translation>请检查其拼写，或用包含这些行的数据重新训练。</translation>
    </message>
    <message>
        <source>Column {column} has values that are no usable number or date, in {count} rows, first &quot;{value}&quot; in row {row}; they are taken as missing.</source>
        <translation>列 {column} 有 {count} 行的值不是可用的数字或日期，首个为第 {row} 行的“{value}”；它们被视为缺失。</translation>
    </message>
    <message>
        <source>Write them as in the training data.</source>
        <translation>请按训练数据的写法书写。</translation>
    </message>
    <message>
        <source>{file} has no column {column}: all rows count the same.</source>
        <translation>{file} 没有列 {column}：所有行权重相同。</translation>
    </message>
    <message>
        <source>Add the weights that the model was trained with.</source>
        <translation>请加入模型训练时所用的权重。</translation>
    </message>
    <message>
        <source>{count} of {rows} rows are left out: their target {target} is missing, or a class that the model does not know.</source>
        <translation>{rows} 行中有 {count} 行已略过：其目标 {target} 缺失，或是模型不认识的类别。</translation>
    </message>
    <message>
        <source>Check the spelling of the classes.</source>
        <translation>请检查类别的拼写。</translation>
    </message>
    <message>
        <source>The labels of column {column} are separated by {separator}: {count} different ones.</source>
        <translation>列 {column} 的标签以 {separator} 分隔：共 {count} 种。</translation>
    </message>
    <message>
        <source>Write them with another of ; | , between if that is wrong.</source>
        <translation>如果不对，请改用 ; | , 中的另一个来分隔。</translation>
    </message>
    <message>
        <source>{count} rows have the same time in column {column} as another row of their series.</source>
        <translation>有 {count} 行在列 {column} 中与同一序列的另一行时间相同。</translation>
    </message>
    <message>
        <source>If the file holds several series, give the column that tells them apart the role group.</source>
        <translation>如果文件中有多个序列，请把分组角色给区分它们的列。</translation>
    </message>
    <message>
        <source>{count} rows have no prediction: fewer than {window} rows of their series are known up to them.</source>
        <translation>有 {count} 行没有预测：到这些行为止，其序列中已知的行少于 {window} 行。</translation>
    </message>
    <message>
        <source>Give the rows before them in the same file.</source>
        <translation>请在同一文件中给出它们之前的行。</translation>
    </message>
    <message>
        <source>Its values are single words that hardly repeat; give it the kind text if they say something about the target.</source>
        <translation>它的值是几乎不重复的单个词；如果它们与目标有关，请把类型设为文本。</translation>
    </message>
    <message>
        <source>{count} sound files of formats that Lathe does not read are left out: {endings}.</source>
        <translation>{count} 个 Lathe 不读取的格式的音频文件被忽略：{endings}。</translation>
    </message>
    <message>
        <source>Convert them to WAV or FLAC.</source>
        <translation>请把它们转换为 WAV 或 FLAC。</translation>
    </message>
    <message>
        <source>{count} clips that lie beside the class folders are left out.</source>
        <translation>类别文件夹之外的 {count} 段音频被忽略。</translation>
    </message>
    <message>
        <source>There is no test folder: the clips of {folder} are the test set.</source>
        <translation>没有 test 文件夹：{folder} 中的音频片段作为测试集。</translation>
    </message>
    <message>
        <source>The clips of {folder} join those of training; validation rows are drawn from all.</source>
        <translation>{folder} 中的音频片段并入训练数据；验证行从全部数据中抽取。</translation>
    </message>
    <message>
        <source>{count} sound files are empty, cut off or damaged and are left out: {names}.</source>
        <translation>{count} 个音频文件为空、被截断或已损坏，被忽略：{names}。</translation>
    </message>
    <message>
        <source>{count} clips are longer than {seconds} s: only their beginning is used.</source>
        <translation>{count} 段音频长于 {seconds} 秒：只使用开头部分。</translation>
    </message>
    <message>
        <source>Set the clip length (data.preprocessing.clip_seconds), or cut them into pieces.</source>
        <translation>请设置片段长度（data.preprocessing.clip_seconds），或把它们切成小段。</translation>
    </message>
    <message>
        <source>{count} clips are brought to {rate} Hz.</source>
        <translation>{count} 段音频被转换为 {rate} Hz。</translation>
    </message>
    <message>
        <source>{count} clips are silent: {names}.</source>
        <translation>{count} 段音频没有声音：{names}。</translation>
    </message>
    <message>
        <source>Remove them, unless silence is what the class is about.</source>
        <translation>请移除它们，除非该类别本来就是静音。</translation>
    </message>
    <message>
        <source>{count} clips are louder than full scale (-1 to 1) and are cut there: {names}.</source>
        <translation>{count} 段音频超出满幅（-1 到 1），超出部分被削去：{names}。</translation>
    </message>
    <message>
        <source>Save them at a lower level.</source>
        <translation>请以较低的音量重新保存。</translation>
    </message>
    <message>
        <source>{count} clips hold samples that are no numbers, taken as silence: {names}.</source>
        <translation>{count} 段音频含有非数值采样，按静音处理：{names}。</translation>
    </message>
    <message>
        <source>Write these files again.</source>
        <translation>请重新生成这些文件。</translation>
    </message>
    <message>
        <source>Look at balanced accuracy, and let the decision threshold be tuned (training.decision_threshold).</source>
        <translation>请查看平衡准确率，并让决策阈值自动调整（training.decision_threshold）。</translation>
    </message>
    <message>
        <source>Look at balanced accuracy and the log loss rather than at accuracy.</source>
        <translation>请查看平衡准确率和对数损失，而不是准确率。</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>{goal} is no goal for {task}.</source>
        <translation>{goal} 不是{task}任务的目标。</translation>
    </message>
    <message>
        <source>The Autopilot needs something to predict.</source>
        <translation>Autopilot 需要一个要预测的对象。</translation>
    </message>
    <message>
        <source>Name a target, or train an autoencoder.</source>
        <translation>请指定目标列，或训练一个自编码器。</translation>
    </message>
    <message>
        <source>There are no rows left to judge models by.</source>
        <translation>没有剩下可用来评判模型的行。</translation>
    </message>
    <message>
        <source>Give more rows, or a larger part for validation.</source>
        <translation>请提供更多行，或增大验证部分。</translation>
    </message>
    <message>
        <source>No model could be trained in this time.</source>
        <translation>在这段时间内没有训练出任何模型。</translation>
    </message>
    <message>
        <source>Give a larger --budget, or go on with --resume.</source>
        <translation>请增大 --budget，或用 --resume 继续。</translation>
    </message>
    <message>
        <source>{file} is no state of an Autopilot that can be gone on from.</source>
        <translation>{file} 不是可以继续的 Autopilot 状态文件。</translation>
    </message>
    <message>
        <source>Start anew in another folder.</source>
        <translation>请在另一个文件夹中重新开始。</translation>
    </message>
    <message>
        <source>There is no Autopilot in {folder} to go on with.</source>
        <translation>{folder} 中没有可以继续的 Autopilot。</translation>
    </message>
    <message>
        <source>Start one there, or name the folder of one that was stopped.</source>
        <translation>请在那里开始一个，或指定已停止的那个所在的文件夹。</translation>
    </message>
    <message>
        <source>{folder} holds an Autopilot already.</source>
        <translation>{folder} 中已有一个 Autopilot。</translation>
    </message>
    <message>
        <source>Go on with it by --resume, or name another folder.</source>
        <translation>请用 --resume 继续它，或指定另一个文件夹。</translation>
    </message>
    <message>
        <source>{file} has changed since this Autopilot began.</source>
        <translation>自此 Autopilot 开始以来，{file} 已被更改。</translation>
    </message>
    <message>
        <source>Bring the old file back, or start anew in another folder.</source>
        <translation>请恢复旧文件，或在另一个文件夹中重新开始。</translation>
    </message>
    <message>
        <source>The Autopilot was stopped before its first model was ready.</source>
        <translation>Autopilot 在第一个模型就绪之前被停止。</translation>
    </message>
    <message>
        <source>Go on with it by --resume.</source>
        <translation>请用 --resume 继续。</translation>
    </message>
    <message>
        <source>The boosted trees could not be grown: {reason}</source>
        <translation>无法生成提升树：{reason}</translation>
    </message>
    <message>
        <source>Go on without this baseline.</source>
        <translation>将在没有此基线的情况下继续。</translation>
    </message>
    <message>
        <source>These models cannot be joined into an ensemble.</source>
        <translation>这些模型不能合并为一个集成。</translation>
    </message>
    <message>
        <source>Join single models that were trained on the same columns and target.</source>
        <translation>请合并在相同列和目标上训练的单个模型。</translation>
    </message>
    <message>
        <source>The weights of the ensemble&apos;s members are not usable.</source>
        <translation>集成成员的权重不可用。</translation>
    </message>
    <message>
        <source>The model&apos;s temperature is not usable.</source>
        <translation>模型的温度不可用。</translation>
    </message>
    <message>
        <source>Reading {file} was cancelled.</source>
        <translation>已取消读取 {file}。</translation>
    </message>
    <message>
        <source>There is no file {file}.</source>
        <translation>没有文件 {file}。</translation>
    </message>
    <message>
        <source>Check the path, or choose where the file is now.</source>
        <translation>请检查路径，或选择文件现在的位置。</translation>
    </message>
    <message>
        <source>{file} may not be opened: permission denied.</source>
        <translation>无法打开 {file}：没有权限。</translation>
    </message>
    <message>
        <source>Change the file&apos;s permissions, or choose another place.</source>
        <translation>请更改文件权限，或选择其他位置。</translation>
    </message>
    <message>
        <source>{file} is on a read-only file system.</source>
        <translation>{file} 位于只读文件系统上。</translation>
    </message>
    <message>
        <source>Choose a folder that can be written.</source>
        <translation>请选择可写的文件夹。</translation>
    </message>
    <message>
        <source>The disk is full: {file} could not be written.</source>
        <translation>磁盘已满：无法写入 {file}。</translation>
    </message>
    <message>
        <source>Free some space on that disk, then try again.</source>
        <translation>请在该磁盘上腾出空间后重试。</translation>
    </message>
    <message>
        <source>{file} is a folder, a file is needed.</source>
        <translation>{file} 是文件夹，需要的是文件。</translation>
    </message>
    <message>
        <source>Choose a file.</source>
        <translation>请选择文件。</translation>
    </message>
    <message>
        <source>{file} could not be read or written: {reason}.</source>
        <translation>无法读取或写入 {file}：{reason}。</translation>
    </message>
    <message>
        <source>Check the disk and the path, then try again.</source>
        <translation>请检查磁盘和路径后重试。</translation>
    </message>
    <message>
        <source>{file} is larger than {limit} bytes.</source>
        <translation>{file} 大于 {limit} 字节。</translation>
    </message>
    <message>
        <source>Choose a smaller file.</source>
        <translation>请选择较小的文件。</translation>
    </message>
    <message>
        <source>{file} was changed while it was read.</source>
        <translation>{file} 在读取时被更改。</translation>
    </message>
    <message>
        <source>Open it again.</source>
        <translation>请重新打开。</translation>
    </message>
    <message>
        <source>Line {line} of {file} has {found} values where {expected} are expected.</source>
        <translation>{file} 第 {line} 行有 {found} 个值，应为 {expected} 个。</translation>
    </message>
    <message>
        <source>Correct that line, or choose another delimiter.</source>
        <translation>请改正该行，或选择其他分隔符。</translation>
    </message>
    <message>
        <source>The quote opened in line {line} of {file} is never closed.</source>
        <translation>{file} 第 {line} 行的引号没有闭合。</translation>
    </message>
    <message>
        <source>Close or remove that quotation mark.</source>
        <translation>请闭合或移除该引号。</translation>
    </message>
    <message>
        <source>Line {line} of {file} is longer than 64 MB.</source>
        <translation>{file} 第 {line} 行超过 64 MB。</translation>
    </message>
    <message>
        <source>Check whether this is a table as text.</source>
        <translation>请检查这是否是文本表格。</translation>
    </message>
    <message>
        <source>{file} is empty.</source>
        <translation>{file} 是空的。</translation>
    </message>
    <message>
        <source>Choose a file with rows of values.</source>
        <translation>请选择含有数据行的文件。</translation>
    </message>
    <message>
        <source>{file} has more than 100000 columns.</source>
        <translation>{file} 超过 100000 列。</translation>
    </message>
    <message>
        <source>Remove columns, or turn rows and columns around.</source>
        <translation>请移除一些列，或转置行列。</translation>
    </message>
    <message>
        <source>{file} has a header but no rows.</source>
        <translation>{file} 有标题行但没有数据行。</translation>
    </message>
    <message>
        <source>The text encoding {encoding} is not known here.</source>
        <translation>不支持文本编码 {encoding}。</translation>
    </message>
    <message>
        <source>Save the file as UTF-8.</source>
        <translation>请将文件保存为 UTF-8。</translation>
    </message>
    <message>
        <source>{file} is damaged: its size does not match its header.</source>
        <translation>{file} 已损坏：大小与文件头不符。</translation>
    </message>
    <message>
        <source>Download or copy the file again.</source>
        <translation>请重新下载或复制该文件。</translation>
    </message>
    <message>
        <source>{file} is not an IDX file of bytes.</source>
        <translation>{file} 不是字节型 IDX 文件。</translation>
    </message>
    <message>
        <source>Check the file; its first bytes must be 0, 0, 8.</source>
        <translation>请检查文件；前几个字节必须是 0、0、8。</translation>
    </message>
    <message>
        <source>{images} has {count} images, but {labels} has {labelCount} labels.</source>
        <translation>{images} 有 {count} 张图像，但 {labels} 有 {labelCount} 个标签。</translation>
    </message>
    <message>
        <source>Use files that belong together.</source>
        <translation>请使用配套的文件。</translation>
    </message>
    <message>
        <source>{folder} has IDX images but no labels.</source>
        <translation>{folder} 有 IDX 图像但没有标签。</translation>
    </message>
    <message>
        <source>Put the file train-labels-idx1-ubyte beside them.</source>
        <translation>请将文件 train-labels-idx1-ubyte 放在旁边。</translation>
    </message>
    <message>
        <source>No image in {folder} can be read.</source>
        <translation>{folder} 中没有可读取的图像。</translation>
    </message>
    <message>
        <source>Use PNG, JPEG, BMP or WebP files, one sub-folder a class.</source>
        <translation>请使用 PNG、JPEG、BMP 或 WebP 文件，每类一个子文件夹。</translation>
    </message>
    <message>
        <source>There is no image in {folder}.</source>
        <translation>{folder} 中没有图像。</translation>
    </message>
    <message>
        <source>The model takes images, {file} is a table.</source>
        <translation>模型需要图像，而 {file} 是表格。</translation>
    </message>
    <message>
        <source>Choose a folder of images.</source>
        <translation>请选择图像文件夹。</translation>
    </message>
    <message>
        <source>{file} cannot be used for a {task}: its labels do not fit.</source>
        <translation>{file} 不能用于{task}：标签不符。</translation>
    </message>
    <message>
        <source>Leave the task automatic.</source>
        <translation>请将任务保持为自动。</translation>
    </message>
    <message>
        <source>{file} has {count} classes of images, at least two are needed.</source>
        <translation>{file} 有 {count} 类图像，至少需要两类。</translation>
    </message>
    <message>
        <source>Put the images of each class into a folder of their own.</source>
        <translation>请将每类图像放在各自的文件夹中。</translation>
    </message>
    <message>
        <source>The model takes a table, {file} holds images.</source>
        <translation>模型需要表格，而 {file} 是图像。</translation>
    </message>
    <message>
        <source>Choose a table with the columns of the training data.</source>
        <translation>请选择与训练数据列相同的表格。</translation>
    </message>
    <message>
        <source>The image {file} cannot be read any more.</source>
        <translation>图像 {file} 已无法读取。</translation>
    </message>
    <message>
        <source>Put it back, or open the folder again.</source>
        <translation>请放回该文件，或重新打开文件夹。</translation>
    </message>
    <message>
        <source>{count} images of {shape} do not fit into memory.</source>
        <translation>内存放不下 {count} 张 {shape} 的图像。</translation>
    </message>
    <message>
        <source>Choose a smaller image size.</source>
        <translation>请选择较小的图像大小。</translation>
    </message>
    <message>
        <source>{file} is damaged: it is not a complete NumPy array.</source>
        <translation>{file} 已损坏：不是完整的 NumPy 数组。</translation>
    </message>
    <message>
        <source>Save it again with numpy.save or numpy.savez.</source>
        <translation>请用 numpy.save 或 numpy.savez 重新保存。</translation>
    </message>
    <message>
        <source>{file} holds an array of a kind that Lathe does not read.</source>
        <translation>{file} 含有 Lathe 不能读取的数组类型。</translation>
    </message>
    <message>
        <source>Use float32, float64, integers, booleans or text.</source>
        <translation>请使用 float32、float64、整数、布尔或文本。</translation>
    </message>
    <message>
        <source>{file} is damaged: it is not a complete archive of NumPy arrays.</source>
        <translation>{file} 已损坏：不是完整的 NumPy 数组归档。</translation>
    </message>
    <message>
        <source>Save it again with numpy.savez.</source>
        <translation>请用 numpy.savez 重新保存。</translation>
    </message>
    <message>
        <source>{file} has {rows} rows of features and {targets} targets.</source>
        <translation>{file} 有 {rows} 行特征和 {targets} 个目标。</translation>
    </message>
    <message>
        <source>Save one target a row.</source>
        <translation>请为每行保存一个目标。</translation>
    </message>
    <message>
        <source>The images in {file} have values outside 0 to 255.</source>
        <translation>{file} 中的图像含有 0 至 255 以外的值。</translation>
    </message>
    <message>
        <source>Save them as uint8, or as fractions from 0 to 1.</source>
        <translation>请保存为 uint8，或 0 至 1 的小数。</translation>
    </message>
    <message>
        <source>{file} holds no arrays X and y, only: {names}.</source>
        <translation>{file} 没有数组 X 和 y，只有：{names}。</translation>
    </message>
    <message>
        <source>Save features as X and the target as y (or x_train, y_train, x_test, y_test).</source>
        <translation>请将特征保存为 X、目标保存为 y（或 x_train、y_train、x_test、y_test）。</translation>
    </message>
    <message>
        <source>{file} is not a matrix of rows and columns.</source>
        <translation>{file} 不是行列构成的矩阵。</translation>
    </message>
    <message>
        <source>Save a two-dimensional array, or X and y with numpy.savez.</source>
        <translation>请保存二维数组，或用 numpy.savez 保存 X 和 y。</translation>
    </message>
    <message>
        <source>{file} is a single image.</source>
        <translation>{file} 是单张图像。</translation>
    </message>
    <message>
        <source>Choose the folder that holds a sub-folder of images for each class.</source>
        <translation>请选择每类图像各有一个子文件夹的文件夹。</translation>
    </message>
    <message>
        <source>{file} is one of a set of IDX files.</source>
        <translation>{file} 是一组 IDX 文件之一。</translation>
    </message>
    <message>
        <source>Choose the folder that holds images and labels.</source>
        <translation>请选择包含图像和标签的文件夹。</translation>
    </message>
    <message>
        <source>{file} is in a format that Lathe does not read.</source>
        <translation>Lathe 不能读取 {file} 的格式。</translation>
    </message>
    <message>
        <source>Save it as CSV, .npy or .npz.</source>
        <translation>请保存为 CSV、.npy 或 .npz。</translation>
    </message>
    <message>
        <source>Reading the data was cancelled.</source>
        <translation>已取消读取数据。</translation>
    </message>
    <message>
        <source>The data does not fit into this machine&apos;s memory.</source>
        <translation>本机内存放不下这些数据。</translation>
    </message>
    <message>
        <source>Use fewer rows or columns, or close other programs.</source>
        <translation>请减少行或列，或关闭其他程序。</translation>
    </message>
    <message>
        <source>The data could not be read: {reason}.</source>
        <translation>无法读取数据：{reason}。</translation>
    </message>
    <message>
        <source>Check the file with another program.</source>
        <translation>请用其他程序检查该文件。</translation>
    </message>
    <message>
        <source>There is no row to train on.</source>
        <translation>没有可用于训练的行。</translation>
    </message>
    <message>
        <source>Give train a larger share of the rows.</source>
        <translation>请提高训练行的比例。</translation>
    </message>
    <message>
        <source>Too few groups to split by: {groups}, where {needed} are needed.</source>
        <translation>分组列有 {groups} 组，按组划分至少需要 {needed} 组。</translation>
    </message>
    <message>
        <source>Choose another group column, or a random split.</source>
        <translation>请选择其他分组列，或随机划分。</translation>
    </message>
    <message>
        <source>The shares of train, validation and test must not be negative, train above 0.</source>
        <translation>训练、验证和测试的比例不能为负，训练必须大于 0。</translation>
    </message>
    <message>
        <source>Use 0.7, 0.15 and 0.15, for example.</source>
        <translation>例如使用 0.7、0.15 和 0.15。</translation>
    </message>
    <message>
        <source>The data has {rows} rows with a target, at least {needed} are needed to train.</source>
        <translation>数据有 {rows} 行带目标，训练至少需要 {needed} 行。</translation>
    </message>
    <message>
        <source>Add rows, or choose another target column.</source>
        <translation>请增加行，或选择其他目标列。</translation>
    </message>
    <message>
        <source>A split by group needs a column with the role group.</source>
        <translation>按组划分需要角色为分组的列。</translation>
    </message>
    <message>
        <source>Give a column that role, or choose a random split.</source>
        <translation>请为某列设置该角色，或选择随机划分。</translation>
    </message>
    <message>
        <source>A split by time needs a date-time column or one with the role time.</source>
        <translation>按时间划分需要日期列或角色为时间的列。</translation>
    </message>
    <message>
        <source>The data has no column {column}, which is needed.</source>
        <translation>数据缺少所需的列 {column}。</translation>
    </message>
    <message>
        <source>Add that column, or use a file with the same columns as in training.</source>
        <translation>请添加该列，或使用与训练时列相同的文件。</translation>
    </message>
    <message>
        <source>There is no column {column} to be the target.</source>
        <translation>没有可作为目标的列 {column}。</translation>
    </message>
    <message>
        <source>Did you mean {nearest}?</source>
        <translation>是否想输入 {nearest}？</translation>
    </message>
    <message>
        <source>The columns are: {columns}.</source>
        <translation>已有的列：{columns}。</translation>
    </message>
    <message>
        <source>The target column {column} has no values.</source>
        <translation>目标列 {column} 没有值。</translation>
    </message>
    <message>
        <source>Choose another target column.</source>
        <translation>请选择其他目标列。</translation>
    </message>
    <message>
        <source>The target column {column} has the same value in every row: there is nothing to learn.</source>
        <translation>目标列 {column} 每行的值都相同：没有可学的内容。</translation>
    </message>
    <message>
        <source>The target column {column} holds text; a regression needs numbers.</source>
        <translation>目标列 {column} 是文本；回归需要数值。</translation>
    </message>
    <message>
        <source>Choose a numeric target column, or make it a classification.</source>
        <translation>请选择数值目标列，或改为分类。</translation>
    </message>
    <message>
        <source>Every row has another value in the target column {column}: that cannot be a class.</source>
        <translation>目标列 {column} 每行的值都不同：不能作为类别。</translation>
    </message>
    <message>
        <source>Choose a target column whose values repeat.</source>
        <translation>请选择取值有重复的目标列。</translation>
    </message>
    <message>
        <source>The target column {column} has {values} different values, too many for classes.</source>
        <translation>目标列 {column} 有 {values} 个不同的值，作为类别太多。</translation>
    </message>
    <message>
        <source>Choose another target column, or make it a regression.</source>
        <translation>请选择其他目标列，或改为回归。</translation>
    </message>
    <message>
        <source>The data has a single column, {column}: a target and at least one feature are needed.</source>
        <translation>数据只有一列 {column}：需要一个目标和至少一个特征。</translation>
    </message>
    <message>
        <source>Check the delimiter, or add columns.</source>
        <translation>请检查分隔符，或增加列。</translation>
    </message>
    <message>
        <source>No column is left as a feature: all are ignored, constant, identifiers or free text.</source>
        <translation>没有列可作为特征：全部被忽略、为常数、标识或自由文本。</translation>
    </message>
    <message>
        <source>Give at least one column the role feature.</source>
        <translation>请至少将一列的角色设为特征。</translation>
    </message>
    <message>
        <source>No column is left to be the target.</source>
        <translation>没有列可作为目标。</translation>
    </message>
    <message>
        <source>Give a column the role target.</source>
        <translation>请将某列的角色设为目标。</translation>
    </message>
    <message>
        <source>Column {column} has more than 65536 different values, too many for a category.</source>
        <translation>列 {column} 有超过 65536 个不同的值，作为类别太多。</translation>
    </message>
    <message>
        <source>Give it the role ignore.</source>
        <translation>请将其角色设为忽略。</translation>
    </message>
    <message>
        <source>The model&apos;s description of its input is damaged.</source>
        <translation>模型对其输入的描述已损坏。</translation>
    </message>
    <message>
        <source>Export the model again.</source>
        <translation>请重新导出模型。</translation>
    </message>
    <message>
        <source>Row {row} has a negative weight in column {column}.</source>
        <translation>第 {row} 行的列 {column} 权重为负。</translation>
    </message>
    <message>
        <source>Weights must be 0 or more.</source>
        <translation>权重必须大于或等于 0。</translation>
    </message>
    <message>
        <source>{file} is not an ordinary file.</source>
        <translation>{file} 不是普通文件。</translation>
    </message>
    <message>
        <source>Save the data into a file and open that.</source>
        <translation>请将数据保存为文件后打开。</translation>
    </message>
    <message>
        <source>There is no room on the disk to unpack or convert {file}.</source>
        <translation>磁盘空间不足，无法解压或转换 {file}。</translation>
    </message>
    <message>
        <source>Free some space in the temporary folder, or unpack the file yourself.</source>
        <translation>请在临时文件夹中腾出空间，或自行解压文件。</translation>
    </message>
    <message>
        <source>{file} is damaged: its compressed content ends too early.</source>
        <translation>{file} 已损坏：压缩内容提前结束。</translation>
    </message>
    <message>
        <source>{file} became shorter while it was read.</source>
        <translation>{file} 在读取时变短。</translation>
    </message>
    <message>
        <source>Wait until the file is complete, then open it again.</source>
        <translation>请等文件完整后重新打开。</translation>
    </message>
    <message>
        <source>{file} holds binary data, not a table as text.</source>
        <translation>{file} 是二进制数据，不是文本表格。</translation>
    </message>
    <message>
        <source>Choose a CSV or TSV file, .npy, .npz, or a folder of images.</source>
        <translation>请选择 CSV 或 TSV 文件、.npy、.npz 或图像文件夹。</translation>
    </message>
    <message>
        <source>{file} holds more than this machine can take.</source>
        <translation>{file} 超出本机的承受能力。</translation>
    </message>
    <message>
        <source>Use a smaller file.</source>
        <translation>请使用较小的文件。</translation>
    </message>
    <message>
        <source>Read the data again; if it persists, please report it with the data&apos;s shape.</source>
        <translation>请重新读取数据；如仍出现，请连同数据的形状一起报告。</translation>
    </message>
    <message>
        <source>The split names rows that the data does not have.</source>
        <translation>划分中有数据没有的行。</translation>
    </message>
    <message>
        <source>Row {row} has a label outside the classes.</source>
        <translation>第 {row} 行的标签不在类别之中。</translation>
    </message>
    <message>
        <source>Row {row} has a target that is not a finite number.</source>
        <translation>第 {row} 行的目标不是有限数。</translation>
    </message>
    <message>
        <source>Row {row} has a weight that is negative or not a number.</source>
        <translation>第 {row} 行的权重为负或不是数。</translation>
    </message>
    <message>
        <source>There are no rows to train on.</source>
        <translation>没有可训练的行。</translation>
    </message>
    <message>
        <source>Give the training split a larger share, or use more data.</source>
        <translation>请提高训练比例，或使用更多数据。</translation>
    </message>
    <message>
        <source>Epochs and batch size must be at least 1.</source>
        <translation>轮数和批大小至少为 1。</translation>
    </message>
    <message>
        <source>Set training.epochs and training.batch_size.</source>
        <translation>请设置 training.epochs 和 training.batch_size。</translation>
    </message>
    <message>
        <source>The data&apos;s inputs do not have the size that the model was made for.</source>
        <translation>数据的输入大小与模型所需不符。</translation>
    </message>
    <message>
        <source>Targets or weights do not fit the number of rows.</source>
        <translation>目标或权重与行数不符。</translation>
    </message>
    <message>
        <source>The checkpoint {file} is damaged: {why}.</source>
        <translation>检查点 {file} 已损坏：{why}。</translation>
    </message>
    <message>
        <source>Use another checkpoint of the run, or train it again.</source>
        <translation>请使用该运行的其他检查点，或重新训练。</translation>
    </message>
    <message>
        <source>The checkpoint belongs to another run: {what}.</source>
        <translation>检查点属于另一个运行：{what}。</translation>
    </message>
    <message>
        <source>Resume with the settings the run was started with, or start a new run.</source>
        <translation>请用该运行开始时的设置继续，或开始新的运行。</translation>
    </message>
    <message>
        <source>{file} is not a checkpoint that this version of Lathe can read.</source>
        <translation>{file} 不是此版本 Lathe 能读取的检查点。</translation>
    </message>
    <message>
        <source>Choose best.ckpt or last.ckpt of a run.</source>
        <translation>请选择运行的 best.ckpt 或 last.ckpt。</translation>
    </message>
    <message>
        <source>{file} was written by another engine ({engine}).</source>
        <translation>{file} 由另一引擎（{engine}）写入。</translation>
    </message>
    <message>
        <source>Open it with a build of Lathe that has this engine.</source>
        <translation>请用带有该引擎的 Lathe 打开。</translation>
    </message>
    <message>
        <source>The training failed at step {step}, as it was told to.</source>
        <translation>训练按要求在第 {step} 步失败。</translation>
    </message>
    <message>
        <source>Start it again.</source>
        <translation>请重新开始。</translation>
    </message>
    <message>
        <source>The checkpoint&apos;s weights do not fit its model ({name}).</source>
        <translation>检查点的权重与其模型不符（{name}）。</translation>
    </message>
    <message>
        <source>Use another checkpoint of the run.</source>
        <translation>请使用该运行的其他检查点。</translation>
    </message>
    <message>
        <source>The model is too large for this machine.</source>
        <translation>模型对本机来说太大。</translation>
    </message>
    <message>
        <source>Use fewer columns or smaller images.</source>
        <translation>请减少列或使用较小的图像。</translation>
    </message>
    <message>
        <source>Predicting was cancelled.</source>
        <translation>已取消预测。</translation>
    </message>
    <message>
        <source>The data has inputs of {given}, but the model needs {needed}.</source>
        <translation>数据有 {given} 个输入，但模型需要 {needed}。</translation>
    </message>
    <message>
        <source>Give data with the columns or the image size that the model was trained on.</source>
        <translation>请提供与训练时列或图像大小相同的数据。</translation>
    </message>
    <message>
        <source>The data has no row {row}.</source>
        <translation>数据没有第 {row} 行。</translation>
    </message>
    <message>
        <source>Choose rows of the data.</source>
        <translation>请选择数据中的行。</translation>
    </message>
    <message>
        <source>The checkpoint holds no fitting optimiser state for {name}.</source>
        <translation>检查点没有与 {name} 相符的优化器状态。</translation>
    </message>
    <message>
        <source>Start a new run, or resume with the optimiser the run was started with.</source>
        <translation>请开始新的运行，或用该运行开始时的优化器继续。</translation>
    </message>
    <message>
        <source>The loss became NaN or infinite at step {step} (epoch {epoch}).</source>
        <translation>第 {step} 步（第 {epoch} 轮）损失变为 NaN 或无穷。</translation>
    </message>
    <message>
        <source>Lower the learning rate (it was {lr}), or clip the gradients (training.clip_norm).</source>
        <translation>请降低学习率（当时为 {lr}），或裁剪梯度（training.clip_norm）。</translation>
    </message>
    <message>
        <source>The checkpoint&apos;s training state cannot be read.</source>
        <translation>无法读取检查点的训练状态。</translation>
    </message>
    <message>
        <source>Resume on the kind of device that the run was started on, or start a new run.</source>
        <translation>请在运行开始时的同类设备上继续，或开始新的运行。</translation>
    </message>
    <message>
        <source>{file} is not a TorchScript file made by Lathe: {reason}.</source>
        <translation>{file} 不是 Lathe 生成的 TorchScript 文件：{reason}。</translation>
    </message>
    <message>
        <source>Choose the .pt file of an export, or export the run again.</source>
        <translation>请选择导出的 .pt 文件，或重新导出运行。</translation>
    </message>
    <message>
        <source>{file} could not be written.</source>
        <translation>无法写入 {file}。</translation>
    </message>
    <message>
        <source>Check that the folder exists, is writable and has room.</source>
        <translation>请确认文件夹存在、可写且有空间。</translation>
    </message>
    <message>
        <source>There is no kind of device named {device}.</source>
        <translation>没有名为 {device} 的设备类型。</translation>
    </message>
    <message>
        <source>Choose auto, cpu, cuda or cuda:N.</source>
        <translation>请选择 auto、cpu、cuda 或 cuda:N。</translation>
    </message>
    <message>
        <source>The device {device} is not available: LibTorch sees {count} CUDA devices.</source>
        <translation>设备 {device} 不可用：LibTorch 看到 {count} 个 CUDA 设备。</translation>
    </message>
    <message>
        <source>Choose device cpu, or install a CUDA LibTorch and driver: installer/run.sh --cuda.</source>
        <translation>请选择设备 cpu，或安装 CUDA 版 LibTorch 和驱动：installer/run.sh --cuda。</translation>
    </message>
    <message>
        <source>There is not enough memory for this model.</source>
        <translation>内存不足以运行此模型。</translation>
    </message>
    <message>
        <source>Use a smaller batch or a smaller model.</source>
        <translation>请使用较小的批或较小的模型。</translation>
    </message>
    <message>
        <source>LibTorch refused an operation: {reason}</source>
        <translation>LibTorch 拒绝了一项操作：{reason}</translation>
    </message>
    <message>
        <source>Check the model and the data; if they are right, please report this sentence.</source>
        <translation>请检查模型和数据；如果无误，请报告这句话。</translation>
    </message>
    <message>
        <source>The training would need about {needed} MB, but {available} MB are available.</source>
        <translation>训练大约需要 {needed} MB，可用 {available} MB。</translation>
    </message>
    <message>
        <source>Use a smaller model or less data.</source>
        <translation>请使用较小的模型或较少的数据。</translation>
    </message>
    <message>
        <source>Use a batch size of at most {batch} (training.batch_size).</source>
        <translation>请使用至多 {batch} 的批大小（training.batch_size）。</translation>
    </message>
    <message>
        <source>The checkpoint holds no generator state.</source>
        <translation>检查点没有随机数生成器状态。</translation>
    </message>
    <message>
        <source>Resume from last.ckpt; best.ckpt holds only what prediction needs.</source>
        <translation>请从 last.ckpt 继续；best.ckpt 只含预测所需内容。</translation>
    </message>
    <message>
        <source>lathe-export.json is not usable: {problem}.</source>
        <translation>lathe-export.json 无法使用：{problem}。</translation>
    </message>
    <message>
        <source>{file} is not an export of Lathe: there is no {manifest} with it.</source>
        <translation>{file} 不是 Lathe 的导出：旁边没有 {manifest}。</translation>
    </message>
    <message>
        <source>Name the folder of an export, or one of its files.</source>
        <translation>请指定导出的文件夹或其中的文件。</translation>
    </message>
    <message>
        <source>This export was written by a newer Lathe.</source>
        <translation>此导出由较新的 Lathe 写入。</translation>
    </message>
    <message>
        <source>Use that version of Lathe, or export the model again with this one.</source>
        <translation>请使用该版本的 Lathe，或用此版本重新导出模型。</translation>
    </message>
    <message>
        <source>No training engine is built in.</source>
        <translation>没有内置训练引擎。</translation>
    </message>
    <message>
        <source>Build Lathe with LibTorch: installer/run.sh does it.</source>
        <translation>请构建带 LibTorch 的 Lathe：运行 installer/run.sh。</translation>
    </message>
    <message>
        <source>The engine is {engine}.</source>
        <translation>引擎为 {engine}。</translation>
    </message>
    <message>
        <source>BLAS is {blas}, which makes training two to seven times slower.</source>
        <translation>BLAS 为 {blas}，训练会慢二至七倍。</translation>
    </message>
    <message>
        <source>Mend it with: {command}</source>
        <translation>修复命令：{command}</translation>
    </message>
    <message>
        <source>BLAS is {blas}.</source>
        <translation>BLAS 为 {blas}。</translation>
    </message>
    <message>
        <source>No CUDA device: training runs on the processor.</source>
        <translation>没有 CUDA 设备：在处理器上训练。</translation>
    </message>
    <message>
        <source>CUDA devices: {devices}.</source>
        <translation>CUDA 设备：{devices}。</translation>
    </message>
    <message>
        <source>TorchScript exports are checked by {runtimes}.</source>
        <translation>TorchScript 导出由 {runtimes} 检查。</translation>
    </message>
    <message>
        <source>The processor is {processor} ({sets}).</source>
        <translation>处理器为 {processor}（{sets}）。</translation>
    </message>
    <message>
        <source>{threads} threads can be used.</source>
        <translation>可使用 {threads} 个线程。</translation>
    </message>
    <message>
        <source>Only {available} GB of {total} GB memory are free.</source>
        <translation>内存共 {total} GB，仅剩 {available} GB。</translation>
    </message>
    <message>
        <source>Close other programs before training.</source>
        <translation>训练前请关闭其他程序。</translation>
    </message>
    <message>
        <source>{available} GB of {total} GB memory are free.</source>
        <translation>内存共 {total} GB，可用 {available} GB。</translation>
    </message>
    <message>
        <source>{folder} cannot be written.</source>
        <translation>无法写入 {folder}。</translation>
    </message>
    <message>
        <source>Keep projects in a folder of your own.</source>
        <translation>请将项目放在自己的文件夹中。</translation>
    </message>
    <message>
        <source>Only {free} GB are free on the disk of {folder}.</source>
        <translation>{folder} 所在磁盘仅剩 {free} GB。</translation>
    </message>
    <message>
        <source>Free some space before a long training.</source>
        <translation>长时间训练前请腾出空间。</translation>
    </message>
    <message>
        <source>{free} GB are free on the disk of {folder}.</source>
        <translation>{folder} 所在磁盘可用 {free} GB。</translation>
    </message>
    <message>
        <source>{folder} is on a network file system, where projects are not safe.</source>
        <translation>{folder} 位于网络文件系统上，项目在那里不安全。</translation>
    </message>
    <message>
        <source>Keep projects on a local disk.</source>
        <translation>请将项目放在本地磁盘上。</translation>
    </message>
    <message>
        <source>All sample data are installed.</source>
        <translation>所有示例数据均已安装。</translation>
    </message>
    <message>
        <source>Some sample data are not installed.</source>
        <translation>部分示例数据未安装。</translation>
    </message>
    <message>
        <source>Install them with: {command}</source>
        <translation>安装命令：{command}</translation>
    </message>
    <message>
        <source>&quot;{name}&quot; cannot be the name of an export.</source>
        <translation>“{name}”不能作为导出名称。</translation>
    </message>
    <message>
        <source>Use letters, digits, - and _.</source>
        <translation>请使用字母、数字、- 和 _。</translation>
    </message>
    <message>
        <source>There is no export format {format}.</source>
        <translation>没有导出格式 {format}。</translation>
    </message>
    <message>
        <source>Choose one of: {known}.</source>
        <translation>请选择：{known}。</translation>
    </message>
    <message>
        <source>Run {run} is {status}, so it cannot be exported yet.</source>
        <translation>运行 {run} {status}，还不能导出。</translation>
    </message>
    <message>
        <source>Wait until it has ended, or pause it.</source>
        <translation>请等它结束，或先暂停。</translation>
    </message>
    <message>
        <source>Report this with the model&apos;s layers; the run itself is untouched.</source>
        <translation>请连同模型的层一起报告；运行本身未受影响。</translation>
    </message>
    <message>
        <source>The file cannot be checked: no second process can be started.</source>
        <translation>无法检查文件：不能启动第二个进程。</translation>
    </message>
    <message>
        <source>Install Lathe again, with lathe-cli beside it.</source>
        <translation>请重新安装 Lathe，并包含 lathe-cli。</translation>
    </message>
    <message>
        <source>No folder is named for the export.</source>
        <translation>没有指定导出文件夹。</translation>
    </message>
    <message>
        <source>Choose a folder.</source>
        <translation>请选择文件夹。</translation>
    </message>
    <message>
        <source>The export was cancelled.</source>
        <translation>已取消导出。</translation>
    </message>
    <message>
        <source>{file} does not bring a split of its own.</source>
        <translation>{file} 没有自带划分。</translation>
    </message>
    <message>
        <source>Predict all of its rows.</source>
        <translation>请预测其所有行。</translation>
    </message>
    <message>
        <source>There is no split {split}.</source>
        <translation>没有划分 {split}。</translation>
    </message>
    <message>
        <source>{file} holds no usable value of the target {target}.</source>
        <translation>{file} 没有目标 {target} 的可用值。</translation>
    </message>
    <message>
        <source>Give a file with labelled rows, or predict instead of evaluating.</source>
        <translation>请提供带标签的文件，或改为预测。</translation>
    </message>
    <message>
        <source>The reference rows of the export hold {given} values each, not {needed}.</source>
        <translation>导出的参考行每行有 {given} 个值，应为 {needed} 个。</translation>
    </message>
    <message>
        <source>Export the run again.</source>
        <translation>请重新导出运行。</translation>
    </message>
    <message>
        <source>There is no project {folder}.</source>
        <translation>没有项目 {folder}。</translation>
    </message>
    <message>
        <source>Train something to create it, or name another project folder.</source>
        <translation>请训练以创建项目，或指定其他项目文件夹。</translation>
    </message>
    <message>
        <source>{folder} is not a Lathe project and holds other files.</source>
        <translation>{folder} 不是 Lathe 项目且含有其他文件。</translation>
    </message>
    <message>
        <source>Name a project folder, or a new one that ends in .lathe.</source>
        <translation>请指定项目文件夹，或以 .lathe 结尾的新文件夹。</translation>
    </message>
    <message>
        <source>{folder} is a file, a project is a folder.</source>
        <translation>{folder} 是文件，项目应是文件夹。</translation>
    </message>
    <message>
        <source>{run} does not name a run.</source>
        <translation>{run} 不是运行。</translation>
    </message>
    <message>
        <source>Give a run&apos;s number, latest or best.</source>
        <translation>请给出运行编号、latest 或 best。</translation>
    </message>
    <message>
        <source>Run {run} was removed.</source>
        <translation>运行 {run} 已移除。</translation>
    </message>
    <message>
        <source>Bring it back first: that is possible for seven days.</source>
        <translation>请先恢复：七天之内可以恢复。</translation>
    </message>
    <message>
        <source>{project} holds no runs yet.</source>
        <translation>{project} 还没有运行。</translation>
    </message>
    <message>
        <source>Train a model first.</source>
        <translation>请先训练模型。</translation>
    </message>
    <message>
        <source>No run on the data of the latest one is completed, so none is the best yet.</source>
        <translation>最新运行的数据上没有已完成的运行，因此还没有最佳运行。</translation>
    </message>
    <message>
        <source>Name a run by its number, or finish one first.</source>
        <translation>请用编号指定运行，或先完成一个。</translation>
    </message>
    <message>
        <source>{file} has changed since this experiment was made.</source>
        <translation>{file} 在此实验创建后已更改。</translation>
    </message>
    <message>
        <source>If that is not wanted, bring the old file back.</source>
        <translation>如果不希望如此，请恢复旧文件。</translation>
    </message>
    <message>
        <source>The model has no layers.</source>
        <translation>模型没有层。</translation>
    </message>
    <message>
        <source>Add layers, or choose a template.</source>
        <translation>请添加层，或选择模板。</translation>
    </message>
    <message>
        <source>No data are named.</source>
        <translation>没有指定数据。</translation>
    </message>
    <message>
        <source>Choose a data file or folder.</source>
        <translation>请选择数据文件或文件夹。</translation>
    </message>
    <message>
        <source>The loss {loss} does not fit {task}.</source>
        <translation>损失 {loss} 不适合{task}。</translation>
    </message>
    <message>
        <source>Use {better}, or leave the loss automatic.</source>
        <translation>请使用 {better}，或将损失保持为自动。</translation>
    </message>
    <message>
        <source>There is no {monitor} to watch for {task}.</source>
        <translation>{task}没有可监控的 {monitor}。</translation>
    </message>
    <message>
        <source>Watch one of: {known}.</source>
        <translation>请监控其中之一：{known}。</translation>
    </message>
    <message>
        <source>There is no device {device} on this machine.</source>
        <translation>本机没有设备 {device}。</translation>
    </message>
    <message>
        <source>Choose one of: auto, {devices}.</source>
        <translation>请选择：auto、{devices}。</translation>
    </message>
    <message>
        <source>Run {run} has no checkpoint yet, so there is no model to use.</source>
        <translation>运行 {run} 还没有检查点，因此没有可用的模型。</translation>
    </message>
    <message>
        <source>Resume it and let it finish an epoch, or choose another run.</source>
        <translation>请继续它并完成一轮，或选择其他运行。</translation>
    </message>
    <message>
        <source>{file} does not say after which step it was written.</source>
        <translation>{file} 没有说明它是在哪一步之后写入的。</translation>
    </message>
    <message>
        <source>Start a new training with the same settings.</source>
        <translation>请用相同设置开始新的训练。</translation>
    </message>
    <message>
        <source>{file} is not as scikit-learn 1.x keeps it.</source>
        <translation>{file} 与 scikit-learn 1.x 的格式不同。</translation>
    </message>
    <message>
        <source>Install the package again, or open a file of your own.</source>
        <translation>请重新安装软件包，或打开自己的文件。</translation>
    </message>
    <message>
        <source>The sample {sample} is not installed on this machine.</source>
        <translation>本机未安装示例 {sample}。</translation>
    </message>
    <message>
        <source>Install it with: {command}</source>
        <translation>安装命令：{command}</translation>
    </message>
    <message>
        <source>There is no sample {sample}.</source>
        <translation>没有示例 {sample}。</translation>
    </message>
    <message>
        <source>The training stopped unexpectedly: {reason}.</source>
        <translation>训练意外停止：{reason}。</translation>
    </message>
    <message>
        <source>Resume it from its last checkpoint.</source>
        <translation>请从最后的检查点继续。</translation>
    </message>
    <message>
        <source>Run {run} is not running.</source>
        <translation>运行 {run} 没有在运行。</translation>
    </message>
    <message>
        <source>Look at its status in the list of runs.</source>
        <translation>请在运行列表中查看其状态。</translation>
    </message>
    <message>
        <source>{file} has changed since run {run} began, so it cannot go on.</source>
        <translation>{file} 在运行 {run} 开始后已更改，因此不能继续。</translation>
    </message>
    <message>
        <source>Bring the old file back, or start a new training on the new one.</source>
        <translation>请恢复旧文件，或在新文件上开始新的训练。</translation>
    </message>
    <message>
        <source>The data are read otherwise than when run {run} began.</source>
        <translation>数据的读取方式与运行 {run} 开始时不同。</translation>
    </message>
    <message>
        <source>The project {project} may only be read.</source>
        <translation>项目 {project} 只能读取。</translation>
    </message>
    <message>
        <source>Change its permissions, or train into another project folder.</source>
        <translation>请更改其权限，或训练到其他项目文件夹。</translation>
    </message>
    <message>
        <source>Run {run} is {status}, so this cannot be done now.</source>
        <translation>运行 {run} {status}，现在不能这样做。</translation>
    </message>
    <message>
        <source>Run {run} is running already.</source>
        <translation>运行 {run} 已在运行。</translation>
    </message>
    <message>
        <source>Watch it, or pause it first.</source>
        <translation>请观察它，或先暂停。</translation>
    </message>
    <message>
        <source>Run {run} has completed its {epochs} epochs.</source>
        <translation>运行 {run} 已完成其 {epochs} 轮。</translation>
    </message>
    <message>
        <source>Give more epochs than that to train it further.</source>
        <translation>要继续训练，请给出更多轮数。</translation>
    </message>
    <message>
        <source>Run {run} is in epoch {done} already.</source>
        <translation>运行 {run} 已到第 {done} 轮。</translation>
    </message>
    <message>
        <source>Give at least as many epochs.</source>
        <translation>请给出至少同样多的轮数。</translation>
    </message>
    <message>
        <source>{field} is {value}, but must lie between {low} and {high}.</source>
        <translation>{field} 为 {value}，必须在 {low} 与 {high} 之间。</translation>
    </message>
    <message>
        <source>Change it to a value in this range.</source>
        <translation>请改为此范围内的值。</translation>
    </message>
    <message>
        <source>{field} must be true or false, not {value}.</source>
        <translation>{field} 必须是 true 或 false，不能是 {value}。</translation>
    </message>
    <message>
        <source>{field} must be a whole number, not {value}.</source>
        <translation>{field} 必须是整数，不能是 {value}。</translation>
    </message>
    <message>
        <source>{field} must be a number, not {value}.</source>
        <translation>{field} 必须是数值，不能是 {value}。</translation>
    </message>
    <message>
        <source>{field} must be a text, not {value}.</source>
        <translation>{field} 必须是文本，不能是 {value}。</translation>
    </message>
    <message>
        <source>{field} must be a list of at most 64 numbers, not {value}.</source>
        <translation>{field} 必须是至多 64 个数的列表，不能是 {value}。</translation>
    </message>
    <message>
        <source>{field} must be a list of whole numbers, not {value}.</source>
        <translation>{field} 必须是整数列表，不能是 {value}。</translation>
    </message>
    <message>
        <source>Choose one of: {choices}.</source>
        <translation>请选择：{choices}。</translation>
    </message>
    <message>
        <source>A column cannot be of the kind {value}.</source>
        <translation>列的类型不能是 {value}。</translation>
    </message>
    <message>
        <source>A column cannot have the role {value}.</source>
        <translation>列的角色不能是 {value}。</translation>
    </message>
    <message>
        <source>There is no task {value}.</source>
        <translation>没有任务 {value}。</translation>
    </message>
    <message>
        <source>{field} cannot be {value}.</source>
        <translation>{field} 不能是 {value}。</translation>
    </message>
    <message>
        <source>Did you mean {suggestion}?</source>
        <translation>是否想输入 {suggestion}？</translation>
    </message>
    <message>
        <source>This experiment was written by a newer version of Lathe.</source>
        <translation>此实验由较新版本的 Lathe 写入。</translation>
    </message>
    <message>
        <source>Update Lathe to open it.</source>
        <translation>请更新 Lathe 后打开。</translation>
    </message>
    <message>
        <source>A layer cannot be called &quot;{name}&quot;.</source>
        <translation>层不能命名为“{name}”。</translation>
    </message>
    <message>
        <source>Use a letter, then letters, digits and _, at most 64 of them.</source>
        <translation>请以字母开头，后接字母、数字和 _，至多 64 个字符。</translation>
    </message>
    <message>
        <source>{name} is the name of the model&apos;s input, not of a layer.</source>
        <translation>{name} 是模型输入的名称，不是层。</translation>
    </message>
    <message>
        <source>Give the layer another name.</source>
        <translation>请给层另取名称。</translation>
    </message>
    <message>
        <source>Two layers are called {name}.</source>
        <translation>两个层都名为 {name}。</translation>
    </message>
    <message>
        <source>Give one of them another name.</source>
        <translation>请给其中一个另取名称。</translation>
    </message>
    <message>
        <source>Layer {layer} joins at least {least} inputs, but reads {count}.</source>
        <translation>层 {layer} 至少合并 {least} 个输入，但只读取 {count} 个。</translation>
    </message>
    <message>
        <source>Name the layers it reads.</source>
        <translation>请指定它读取的层。</translation>
    </message>
    <message>
        <source>Layer {layer} reads {count} inputs, but can only read {most}.</source>
        <translation>层 {layer} 读取 {count} 个输入，但最多只能读取 {most} 个。</translation>
    </message>
    <message>
        <source>Join them with Add or Concat first.</source>
        <translation>请先用“相加”或“拼接”合并它们。</translation>
    </message>
    <message>
        <source>Layer {layer} reads {input}, which does not come before it.</source>
        <translation>层 {layer} 读取 {input}，但后者不在它之前。</translation>
    </message>
    <message>
        <source>Move {input} above {layer}; a model has no loops.</source>
        <translation>请将 {input} 移到 {layer} 上方；模型不能有环。</translation>
    </message>
    <message>
        <source>Layer {layer} reads {input}, which does not exist.</source>
        <translation>层 {layer} 读取的 {input} 不存在。</translation>
    </message>
    <message>
        <source>Name a layer above it, or one of the model&apos;s inputs.</source>
        <translation>请指定其上方的层，或模型的某个输入。</translation>
    </message>
    <message>
        <source>Join them in several steps.</source>
        <translation>请分几步合并。</translation>
    </message>
    <message>
        <source>Put an Embedding between the categories and {layer}.</source>
        <translation>请在类别与 {layer} 之间放一个嵌入层。</translation>
    </message>
    <message>
        <source>Layer {layer} would make {shape} numbers of each row.</source>
        <translation>层 {layer} 会使每行变为 {shape} 个数。</translation>
    </message>
    <message>
        <source>Make it smaller.</source>
        <translation>请减小它。</translation>
    </message>
    <message>
        <source>Layer {layer} would have {count} parameters.</source>
        <translation>层 {layer} 会有 {count} 个参数。</translation>
    </message>
    <message>
        <source>The last layer, {layer}, gives {given}, but this task needs {needed}.</source>
        <translation>最后一层 {layer} 给出 {given}，但此任务需要 {needed}。</translation>
    </message>
    <message>
        <source>End the model with a Linear layer of {needed} outputs.</source>
        <translation>请以 {needed} 个输出的 Linear 层结束模型。</translation>
    </message>
    <message>
        <source>Choose a template, or add a Linear layer.</source>
        <translation>请选择模板，或添加 Linear 层。</translation>
    </message>
    <message>
        <source>The model has {count} layers; at most {most} are possible.</source>
        <translation>模型有 {count} 层；至多 {most} 层。</translation>
    </message>
    <message>
        <source>Remove some layers.</source>
        <translation>请移除一些层。</translation>
    </message>
    <message>
        <source>Layer {layer} is of an unknown kind, {kind}.</source>
        <translation>层 {layer} 的类型 {kind} 未知。</translation>
    </message>
    <message>
        <source>`lathe-cli help spec` lists the kinds of layers.</source>
        <translation>`lathe-cli help spec` 列出层的类型。</translation>
    </message>
    <message>
        <source>A {kind} layer has no attribute {field}.</source>
        <translation>{kind} 层没有属性 {field}。</translation>
    </message>
    <message>
        <source>Remove it from layer {layer}.</source>
        <translation>请从层 {layer} 中移除它。</translation>
    </message>
    <message>
        <source>The model reads {needed} inputs, but the data offers {given}.</source>
        <translation>模型读取 {needed} 个输入，但数据提供 {given} 个。</translation>
    </message>
    <message>
        <source>Choose a model that was made for this kind of data.</source>
        <translation>请选择为此类数据设计的模型。</translation>
    </message>
    <message>
        <source>{field} must be an object, not {value}.</source>
        <translation>{field} 必须是对象，不能是 {value}。</translation>
    </message>
    <message>
        <source>{field} must be a number, a text or a list, not {value}.</source>
        <translation>{field} 必须是数值、文本或列表，不能是 {value}。</translation>
    </message>
    <message>
        <source>{field} must be a list of layers, not {value}.</source>
        <translation>{field} 必须是层的列表，不能是 {value}。</translation>
    </message>
    <message>
        <source>This JSON has {size} MB; at most {limit} MB are read.</source>
        <translation>此 JSON 有 {size} MB；至多读取 {limit} MB。</translation>
    </message>
    <message>
        <source>Check that this is the right file.</source>
        <translation>请确认这是正确的文件。</translation>
    </message>
    <message>
        <source>This JSON is nested deeper than {limit} levels.</source>
        <translation>此 JSON 的嵌套超过 {limit} 层。</translation>
    </message>
    <message>
        <source>The field {field} stands twice in the same object.</source>
        <translation>字段 {field} 在同一对象中出现两次。</translation>
    </message>
    <message>
        <source>Remove one of the two.</source>
        <translation>请移除其中之一。</translation>
    </message>
    <message>
        <source>This is not valid JSON: something is wrong at line {line}, column {column}.</source>
        <translation>这不是有效的 JSON：第 {line} 行第 {column} 列有误。</translation>
    </message>
    <message>
        <source>Look there for a missing comma, quote or bracket.</source>
        <translation>请检查那里是否缺少逗号、引号或括号。</translation>
    </message>
    <message>
        <source>This JSON cannot be read: {reason}.</source>
        <translation>无法读取此 JSON：{reason}。</translation>
    </message>
    <message>
        <source>Check numbers that are too large to be stored.</source>
        <translation>请检查过大而无法存储的数。</translation>
    </message>
    <message>
        <source>`lathe-cli help spec` lists every field with its type.</source>
        <translation>`lathe-cli help spec` 列出每个字段及其类型。</translation>
    </message>
    <message>
        <source>There is no field {field}.</source>
        <translation>没有字段 {field}。</translation>
    </message>
    <message>
        <source>`lathe-cli help spec` lists every field.</source>
        <translation>`lathe-cli help spec` 列出每个字段。</translation>
    </message>
    <message>
        <source>The field {field} is missing.</source>
        <translation>缺少字段 {field}。</translation>
    </message>
    <message>
        <source>The file may be damaged or from another program.</source>
        <translation>文件可能已损坏或来自其他程序。</translation>
    </message>
    <message>
        <source>{field} must be a list, not {value}.</source>
        <translation>{field} 必须是列表，不能是 {value}。</translation>
    </message>
    <message>
        <source>Layer {layer} adds inputs of equal shape, but is given {first} and {given}.</source>
        <translation>层 {layer} 将形状相同的输入相加，但得到 {first} 和 {given}。</translation>
    </message>
    <message>
        <source>Make the two branches end in the same shape.</source>
        <translation>请使两个分支以相同形状结束。</translation>
    </message>
    <message>
        <source>Layer {layer} needs one row of numbers, but is given {given}.</source>
        <translation>层 {layer} 需要一行数，但得到 {given}。</translation>
    </message>
    <message>
        <source>Use BatchNorm2d for images.</source>
        <translation>图像请使用 BatchNorm2d。</translation>
    </message>
    <message>
        <source>Layer {layer} needs an image (channels x height x width), but is given {given}.</source>
        <translation>层 {layer} 需要图像（通道 x 高 x 宽），但得到 {given}。</translation>
    </message>
    <message>
        <source>Use BatchNorm1d for rows of numbers.</source>
        <translation>数值行请使用 BatchNorm1d。</translation>
    </message>
    <message>
        <source>Layer {layer} joins inputs that agree in all but the first size, but is given {first} and {given}.</source>
        <translation>层 {layer} 合并的输入除第一维外必须一致，但得到 {first} 和 {given}。</translation>
    </message>
    <message>
        <source>Flatten the inputs first, or make the branches end in the same height and width.</source>
        <translation>请先展平输入，或使各分支以相同的高和宽结束。</translation>
    </message>
    <message>
        <source>Convolutions belong before a Flatten or a Global average pool.</source>
        <translation>卷积应在展平或全局平均池化之前。</translation>
    </message>
    <message>
        <source>Layer {layer} cannot split {in} input and {out} output channels into {groups} groups.</source>
        <translation>层 {layer} 不能将 {in} 个输入通道和 {out} 个输出通道分为 {groups} 组。</translation>
    </message>
    <message>
        <source>Choose a number of groups that divides both.</source>
        <translation>请选择能整除两者的组数。</translation>
    </message>
    <message>
        <source>The kernel of layer {layer}, {kernel}, is larger than its input, {given}.</source>
        <translation>层 {layer} 的卷积核 {kernel} 大于其输入 {given}。</translation>
    </message>
    <message>
        <source>Use a smaller kernel, more padding or fewer pools before it.</source>
        <translation>请使用较小的卷积核、更多填充或减少之前的池化。</translation>
    </message>
    <message>
        <source>Layer {layer} needs category codes, but is given numbers of shape {given}.</source>
        <translation>层 {layer} 需要类别编码，但得到形状为 {given} 的数值。</translation>
    </message>
    <message>
        <source>Let it read the input named categories.</source>
        <translation>请让它读取名为 categories 的输入。</translation>
    </message>
    <message>
        <source>It belongs after the last convolution, instead of a Flatten.</source>
        <translation>它应在最后的卷积之后，代替展平。</translation>
    </message>
    <message>
        <source>{layer}.{attribute} has {count} numbers.</source>
        <translation>{layer}.{attribute} 有 {count} 个数。</translation>
    </message>
    <message>
        <source>Give one number for both directions, or height and width.</source>
        <translation>请给出一个数用于两个方向，或给出高和宽。</translation>
    </message>
    <message>
        <source>Layer {layer} normalises the last {dimensions} dimensions, but is given {given}.</source>
        <translation>层 {layer} 归一化末尾 {dimensions} 维，但得到 {given}。</translation>
    </message>
    <message>
        <source>Lower its number of dimensions.</source>
        <translation>请减少其维数。</translation>
    </message>
    <message>
        <source>Put a Flatten or a Global average pool before it.</source>
        <translation>请在它之前放展平或全局平均池化。</translation>
    </message>
    <message>
        <source>Pools belong before a Flatten or a Global average pool.</source>
        <translation>池化应在展平或全局平均池化之前。</translation>
    </message>
    <message>
        <source>The padding of layer {layer} is more than half of its kernel, {kernel}.</source>
        <translation>层 {layer} 的填充超过其卷积核 {kernel} 的一半。</translation>
    </message>
    <message>
        <source>Use less padding.</source>
        <translation>请减少填充。</translation>
    </message>
    <message>
        <source>Use a smaller kernel or fewer pools before it.</source>
        <translation>请使用较小的窗口或减少之前的池化。</translation>
    </message>
    <message>
        <source>No column is left for the model to read.</source>
        <translation>没有列可供模型读取。</translation>
    </message>
    <message>
        <source>The file may be damaged or from another version of Lathe.</source>
        <translation>文件可能已损坏或来自其他版本的 Lathe。</translation>
    </message>
    <message>
        <source>The model knows {features} columns, but {fitted} fitted ones.</source>
        <translation>模型有 {features} 列，但拟合了 {fitted} 列。</translation>
    </message>
    <message>
        <source>The column {column} lies outside of the model&apos;s input.</source>
        <translation>列 {column} 位于模型输入之外。</translation>
    </message>
    <message>
        <source>The fitted numbers of the column {column} are not usable.</source>
        <translation>列 {column} 的拟合数值无法使用。</translation>
    </message>
    <message>
        <source>The model&apos;s image channels and their fitted numbers do not agree.</source>
        <translation>模型的图像通道与其拟合数值不一致。</translation>
    </message>
    <message>
        <source>The model&apos;s input has an impossible shape, {shape}.</source>
        <translation>模型输入的形状 {shape} 不可能。</translation>
    </message>
    <message>
        <source>The model does not say what it predicts.</source>
        <translation>模型没有说明它预测什么。</translation>
    </message>
    <message>
        <source>The fitted numbers of the target are not usable.</source>
        <translation>目标的拟合数值无法使用。</translation>
    </message>
    <message>
        <source>A run cannot have the status {value}.</source>
        <translation>运行不能有状态 {value}。</translation>
    </message>
    <message>
        <source>This model was written by a newer version of Lathe.</source>
        <translation>此模型由较新版本的 Lathe 写入。</translation>
    </message>
    <message>
        <source>The layers were edited by hand, so the template&apos;s setting {field} no longer applies.</source>
        <translation>层已手动编辑，因此模板的设置 {field} 不再适用。</translation>
    </message>
    <message>
        <source>Choose a template first (model.template), or edit the layers.</source>
        <translation>请先选择模板（model.template），或编辑层。</translation>
    </message>
    <message>
        <source>A quote is not closed in {field}.</source>
        <translation>{field} 中的引号没有闭合。</translation>
    </message>
    <message>
        <source>Write a dotted column like data.roles.&quot;a.b&quot;.</source>
        <translation>带点的列请写成 data.roles.&quot;a.b&quot;。</translation>
    </message>
    <message>
        <source>The template {template} has no setting {field}.</source>
        <translation>模板 {template} 没有设置 {field}。</translation>
    </message>
    <message>
        <source>It has: {choices}.</source>
        <translation>它有：{choices}。</translation>
    </message>
    <message>
        <source>The template {template} is for images, but this data is a table.</source>
        <translation>模板 {template} 用于图像，但此数据是表格。</translation>
    </message>
    <message>
        <source>Use the template mlp or resmlp.</source>
        <translation>请使用模板 mlp 或 resmlp。</translation>
    </message>
    <message>
        <source>The parts for train, validation and test sum to {sum}.</source>
        <translation>训练、验证和测试的比例之和为 {sum}。</translation>
    </message>
    <message>
        <source>Make data.split.train, data.split.validation and data.split.test sum to 1.</source>
        <translation>请使 data.split.train、data.split.validation 与 data.split.test 之和为 1。</translation>
    </message>
    <message>
        <source>No rows are left to train on.</source>
        <translation>没有剩余的行可供训练。</translation>
    </message>
    <message>
        <source>Raise data.split.train.</source>
        <translation>请提高 data.split.train。</translation>
    </message>
    <message>
        <source>No rows are left to choose the best epoch by.</source>
        <translation>没有剩余的行用于选择最佳轮。</translation>
    </message>
    <message>
        <source>Raise data.split.validation.</source>
        <translation>请提高 data.split.validation。</translation>
    </message>
    <message>
        <source>The split is by group, but no column has the role group.</source>
        <translation>按组划分，但没有列的角色是分组。</translation>
    </message>
    <message>
        <source>Give a column this role (data.roles.COLUMN=group).</source>
        <translation>请为某列设置该角色（data.roles.列名=group）。</translation>
    </message>
    <message>
        <source>The split is by time, but no column has the role time.</source>
        <translation>按时间划分，但没有列的角色是时间。</translation>
    </message>
    <message>
        <source>Give a column this role (data.roles.COLUMN=time).</source>
        <translation>请为某列设置该角色（data.roles.列名=time）。</translation>
    </message>
    <message>
        <source>Both {first} and {second} are set as the target.</source>
        <translation>{first} 和 {second} 都设为目标。</translation>
    </message>
    <message>
        <source>Keep one of them.</source>
        <translation>请保留其中一个。</translation>
    </message>
    <message>
        <source>The target {column} has the role {role}.</source>
        <translation>目标 {column} 的角色为 {role}。</translation>
    </message>
    <message>
        <source>Choose another target, or remove the role.</source>
        <translation>请选择其他目标，或移除该角色。</translation>
    </message>
    <message>
        <source>Label smoothing needs classes, not numbers.</source>
        <translation>标签平滑需要类别，而不是数值。</translation>
    </message>
    <message>
        <source>Set training.loss.label_smoothing to 0.</source>
        <translation>请将 training.loss.label_smoothing 设为 0。</translation>
    </message>
    <message>
        <source>Class weights need classes, not numbers.</source>
        <translation>类别加权需要类别，而不是数值。</translation>
    </message>
    <message>
        <source>Set training.loss.class_weights to false.</source>
        <translation>请将 training.loss.class_weights 设为 false。</translation>
    </message>
    <message>
        <source>Nesterov looks ahead along the momentum, which is 0.</source>
        <translation>Nesterov 沿动量前瞻，而动量为 0。</translation>
    </message>
    <message>
        <source>Set training.optimizer.momentum to 0.9, or switch Nesterov off.</source>
        <translation>请将 training.optimizer.momentum 设为 0.9，或关闭 Nesterov。</translation>
    </message>
    <message>
        <source>The monitor {monitor} does not fit {task}.</source>
        <translation>监控指标 {monitor} 不适合{task}。</translation>
    </message>
    <message>
        <source>Use val/loss, or another metric of this task.</source>
        <translation>请使用 val/loss，或此任务的其他指标。</translation>
    </message>
    <message>
        <source>For {monitor} larger is better, not smaller.</source>
        <translation>{monitor} 越大越好，而不是越小。</translation>
    </message>
    <message>
        <source>Set training.monitor_direction to maximize.</source>
        <translation>请将 training.monitor_direction 设为 maximize。</translation>
    </message>
    <message>
        <source>For {monitor} smaller is better, not larger.</source>
        <translation>{monitor} 越小越好，而不是越大。</translation>
    </message>
    <message>
        <source>Set training.monitor_direction to minimize.</source>
        <translation>请将 training.monitor_direction 设为 minimize。</translation>
    </message>
    <message>
        <source>The project&apos;s store {file} is damaged: {reason}.</source>
        <translation>项目存储 {file} 已损坏：{reason}。</translation>
    </message>
    <message>
        <source>Put back a copy of the file, for example one of the backups beside it; nothing was changed.</source>
        <translation>请放回该文件的副本，例如旁边的备份；没有更改任何内容。</translation>
    </message>
    <message>
        <source>The project&apos;s store {file} can only be read.</source>
        <translation>项目存储 {file} 只能读取。</translation>
    </message>
    <message>
        <source>Give yourself permission to write to the project folder, or work on a copy of it.</source>
        <translation>请取得项目文件夹的写入权限，或在其副本上工作。</translation>
    </message>
    <message>
        <source>The project&apos;s store {file} could not be used: {reason}.</source>
        <translation>无法使用项目存储 {file}：{reason}。</translation>
    </message>
    <message>
        <source>Try again; if it stays so, check the disk.</source>
        <translation>请重试；如仍如此，请检查磁盘。</translation>
    </message>
    <message>
        <source>There is no run {run} in this project.</source>
        <translation>此项目中没有运行 {run}。</translation>
    </message>
    <message>
        <source>Look at the list of runs for the numbers there are.</source>
        <translation>请在运行列表中查看已有编号。</translation>
    </message>
    <message>
        <source>Another program has kept the project&apos;s store {file} busy.</source>
        <translation>另一个程序占用了项目存储 {file}。</translation>
    </message>
    <message>
        <source>Close other programs that use this project, then try again.</source>
        <translation>请关闭使用此项目的其他程序后重试。</translation>
    </message>
    <message>
        <source>{file} is not a project store of Lathe.</source>
        <translation>{file} 不是 Lathe 的项目存储。</translation>
    </message>
    <message>
        <source>Choose another project folder, or put back a copy of the store.</source>
        <translation>请选择其他项目文件夹，或放回存储的副本。</translation>
    </message>
    <message>
        <source>The project&apos;s store {file} is on a network file system, where it is not safe.</source>
        <translation>项目存储 {file} 位于网络文件系统上，在那里不安全。</translation>
    </message>
    <message>
        <source>Keep the project on a disk of this machine and copy it when it is closed.</source>
        <translation>请将项目放在本机磁盘上，关闭后再复制。</translation>
    </message>
    <message>
        <source>There is no project store {file}.</source>
        <translation>没有项目存储 {file}。</translation>
    </message>
    <message>
        <source>Check the project folder&apos;s path, or make a new project there.</source>
        <translation>请检查项目文件夹的路径，或在那里新建项目。</translation>
    </message>
    <message>
        <source>{file} is of an older format, and it cannot be written to bring it up to date.</source>
        <translation>{file} 的格式较旧，且无法写入以更新它。</translation>
    </message>
    <message>
        <source>Open a copy of the project that can be written.</source>
        <translation>请打开可写的项目副本。</translation>
    </message>
    <message>
        <source>Run {run} is {from} and cannot become {to}.</source>
        <translation>运行 {run} 为 {from}，不能变为 {to}。</translation>
    </message>
    <message>
        <source>Look at the run&apos;s status and choose what it allows.</source>
        <translation>请查看运行的状态并选择它允许的操作。</translation>
    </message>
    <message>
        <source>Run {run} is being worked on already.</source>
        <translation>运行 {run} 已有进程在处理。</translation>
    </message>
    <message>
        <source>Wait until it has ended, or pause it first.</source>
        <translation>请等它结束，或先暂停。</translation>
    </message>
    <message>
        <source>Run {run} has been removed.</source>
        <translation>运行 {run} 已被移除。</translation>
    </message>
    <message>
        <source>Bring it back first.</source>
        <translation>请先恢复它。</translation>
    </message>
    <message>
        <source>A new run cannot be {to}.</source>
        <translation>新运行不能为 {to}。</translation>
    </message>
    <message>
        <source>Create it as queued or running.</source>
        <translation>请以排队或运行状态创建。</translation>
    </message>
    <message>
        <source>Run {run} no longer belongs to this process.</source>
        <translation>运行 {run} 不再属于此进程。</translation>
    </message>
    <message>
        <source>Open the project again to see who works on it.</source>
        <translation>请重新打开项目，查看谁在处理它。</translation>
    </message>
    <message>
        <source>Run {run} is {status}: nobody works on it.</source>
        <translation>运行 {run} 为 {status}：没有进程在处理它。</translation>
    </message>
    <message>
        <source>Resume it first.</source>
        <translation>请先继续它。</translation>
    </message>
    <message>
        <source>{file} was written by a newer Lathe (format {found}, this one knows {known}).</source>
        <translation>{file} 由较新的 Lathe 写入（格式 {found}，此版本支持 {known}）。</translation>
    </message>
    <message>
        <source>Open it with that version of Lathe; nothing was changed.</source>
        <translation>请用该版本的 Lathe 打开；没有更改任何内容。</translation>
    </message>
    <message>
        <source>There is no experiment {id} in this project.</source>
        <translation>此项目中没有实验 {id}。</translation>
    </message>
    <message>
        <source>Look at the list of experiments for those there are.</source>
        <translation>请在实验列表中查看已有实验。</translation>
    </message>
    <message>
        <source>{points} points could not be kept: {file} could not be written for too long.</source>
        <translation>有 {points} 个点未能保存：{file} 长时间无法写入。</translation>
    </message>
    <message>
        <source>Free some space on the disk; points from now on are kept again.</source>
        <translation>请在磁盘上腾出空间；此后的点会照常保存。</translation>
    </message>
    <message>
        <source>{file} is not what it was when this experiment was made.</source>
        <translation>{file} 与此实验创建时不同。</translation>
    </message>
    <message>
        <source>Earlier runs saw the old content: compare them with care.</source>
        <translation>较早的运行使用旧内容：请谨慎比较。</translation>
    </message>
    <message>
        <source>No project is open.</source>
        <translation>没有打开的项目。</translation>
    </message>
    <message>
        <source>Drop a data file on the window or choose a sample.</source>
        <translation>请将数据文件拖到窗口上，或选择示例。</translation>
    </message>
    <message>
        <source>This project can only be read.</source>
        <translation>此项目只能读取。</translation>
    </message>
    <message>
        <source>Copy it to a folder that you may write to.</source>
        <translation>请将它复制到有写入权限的文件夹。</translation>
    </message>
    <message>
        <source>There are no data yet.</source>
        <translation>还没有数据。</translation>
    </message>
    <message>
        <source>Drop a data file on the window.</source>
        <translation>请将数据文件拖到窗口上。</translation>
    </message>
    <message>
        <source>The training engine is not loaded yet.</source>
        <translation>训练引擎尚未加载。</translation>
    </message>
    <message>
        <source>Wait a moment.</source>
        <translation>请稍候。</translation>
    </message>
    <message>
        <source>The data are still being read.</source>
        <translation>仍在读取数据。</translation>
    </message>
    <message>
        <source>Wait until they are.</source>
        <translation>请等待读取完成。</translation>
    </message>
    <message>
        <source>The data could not be read.</source>
        <translation>无法读取数据。</translation>
    </message>
    <message>
        <source>The Data page says why.</source>
        <translation>数据页说明了原因。</translation>
    </message>
    <message>
        <source>The engine is not loaded yet.</source>
        <translation>引擎尚未加载。</translation>
    </message>
    <message>
        <source>Wait a moment and export again.</source>
        <translation>请稍候再导出。</translation>
    </message>
    <message>
        <source>&quot;{text}&quot; is no duration.</source>
        <translation>“{text}”不是时长。</translation>
    </message>
    <message>
        <source>Write it as 90s, 10m or 2h; a bare number is seconds.</source>
        <translation>请写成 90s、10m 或 2h；单独的数字表示秒。</translation>
    </message>
    <message>
        <source>The LibTorch engine could not be loaded: {reason}.</source>
        <translation>无法加载 LibTorch 引擎：{reason}。</translation>
    </message>
    <message>
        <source>Install Lathe again so that {file} and LibTorch (package libtorch1.13) are there.</source>
        <translation>请重新安装 Lathe，使 {file} 和 LibTorch（软件包 libtorch1.13）就位。</translation>
    </message>
    <message>
        <source>{file} belongs to another version of Lathe.</source>
        <translation>{file} 属于其他版本的 Lathe。</translation>
    </message>
    <message>
        <source>Install Lathe again as a whole.</source>
        <translation>请完整地重新安装 Lathe。</translation>
    </message>
    <message>
        <source>The second process left no usable answer in {file}.</source>
        <translation>第二个进程在 {file} 中没有留下可用的结果。</translation>
    </message>
    <message>
        <source>Check that the disk of the temporary folder has room, then try again.</source>
        <translation>请确认临时文件夹所在磁盘有空间后重试。</translation>
    </message>
    <message>
        <source>The check was cancelled.</source>
        <translation>已取消检查。</translation>
    </message>
    <message>
        <source>The second process that checks {file} ended early: {reason}</source>
        <translation>检查 {file} 的第二个进程提前结束：{reason}</translation>
    </message>
    <message>
        <source>Check that enough memory is free, then try again.</source>
        <translation>请确认有足够的可用内存后重试。</translation>
    </message>
    <message>
        <source>The gradients became NaN or infinite at step {step} (epoch {epoch}).</source>
        <translation>梯度在第 {step} 步（第 {epoch} 轮）变为 NaN 或无穷大。</translation>
    </message>
    <message>
        <source>Lower the learning rate (it was {lr}), or look for extreme values in the data.</source>
        <translation>请降低学习率（当前为 {lr}），或检查数据中的极端值。</translation>
    </message>
    <message>
        <source>{address} is not a file on this machine.</source>
        <translation>{address} 不是本机上的文件。</translation>
    </message>
    <message>
        <source>Download it first, then drop the file here.</source>
        <translation>请先下载，再把文件拖到这里。</translation>
    </message>
    <message>
        <source>{count} files were dropped, but one is opened at a time.</source>
        <translation>拖入了 {count} 个文件，但一次只能打开一个。</translation>
    </message>
    <message>
        <source>Drop one data file, or the folder that holds the images.</source>
        <translation>请拖入一个数据文件，或存放图像的文件夹。</translation>
    </message>
    <message>
        <source>Nobody reads the output any more.</source>
        <translation>已无程序读取输出。</translation>
    </message>
    <message>
        <source>The run behind {file} is not at hand: only its {rows} reference rows were compared.</source>
        <translation>{file} 对应的运行不在手边：只比较了其 {rows} 行参考行。</translation>
    </message>
    <message>
        <source>Name the project of the run to compare other rows.</source>
        <translation>要比较其他行，请指明该运行所在的项目。</translation>
    </message>
    <message>
        <source>Run {run} failed. {reason}</source>
        <translation>运行 {run} 失败。{reason}</translation>
    </message>
    <message>
        <source>The process that trained run {run} ended without a word.</source>
        <translation>训练运行 {run} 的进程无故结束。</translation>
    </message>
    <message>
        <source>Resume goes on from its last checkpoint.</source>
        <translation>“继续”会从其最后的检查点接着训练。</translation>
    </message>
    <message>
        <source>The dates of column {column} may be day/month or month/day.</source>
        <translation>列 {column} 的日期可能是日/月，也可能是月/日。</translation>
    </message>
    <message>
        <source>Write them as yyyy-mm-dd.</source>
        <translation>请写成 yyyy-mm-dd。</translation>
    </message>
    <message>
        <source>The target column {column} holds {count} different labels, from 2 to 65536 are needed.</source>
        <translation>目标列 {column} 有 {count} 种不同的标签，需要 2 到 65536 种。</translation>
    </message>
    <message>
        <source>Choose a column that lists the labels of each row, such as a;b.</source>
        <translation>请选择一列，其中列出每一行的标签，例如 a;b。</translation>
    </message>
    <message>
        <source>The target column {column} is no label: it holds more than 0 and 1, or yes and no.</source>
        <translation>目标列 {column} 不是标签：除了 0 和 1 或者是和否，它还有别的值。</translation>
    </message>
    <message>
        <source>Name columns of 0 and 1, or one column with the labels of each row (a;b).</source>
        <translation>请指定由 0 和 1 组成的列，或者一列列出每行标签的文本（a;b）。</translation>
    </message>
    <message>
        <source>The target column {column} has too many different values to hold labels.</source>
        <translation>目标列 {column} 的不同值太多，不能作为标签。</translation>
    </message>
    <message>
        <source>Choose a column whose labels repeat, such as a;b.</source>
        <translation>请选择标签会重复出现的列，例如 a;b。</translation>
    </message>
    <message>
        <source>The target column {column} lists no labels: none of its values holds ; | or ,.</source>
        <translation>目标列 {column} 没有列出标签：没有一个值含有 ;、| 或 ,。</translation>
    </message>
    <message>
        <source>Make it a classification, or name several columns of 0 and 1 as targets.</source>
        <translation>请改为分类，或者把几个由 0 和 1 组成的列指定为目标。</translation>
    </message>
    <message>
        <source>A classification predicts one column, but {count} are named as targets.</source>
        <translation>分类只预测一列，但指定了 {count} 个目标。</translation>
    </message>
    <message>
        <source>Name one target, or make it a multilabel task or a regression.</source>
        <translation>请只指定一个目标，或者改为多标签任务或回归。</translation>
    </message>
    <message>
        <source>Row {row} has no labels.</source>
        <translation>第 {row} 行没有标签。</translation>
    </message>
    <message>
        <source>Row {row} has the target {value}; the Poisson loss needs counts, 0 or more.</source>
        <translation>第 {row} 行的目标是 {value}；泊松损失需要计数，即不小于 0 的值。</translation>
    </message>
    <message>
        <source>Use the loss mse or huber, or correct the row.</source>
        <translation>请使用损失 mse 或 huber，或者更正这一行。</translation>
    </message>
    <message>
        <source>The loss jumped far above what it was again and again, the last time at step {step} (epoch {epoch}).</source>
        <translation>损失一再远远跳到原来之上，最后一次在第 {step} 步（第 {epoch} 轮）。</translation>
    </message>
    <message>
        <source>The checkpoint holds no fitting average of weights ({name}).</source>
        <translation>检查点没有相符的权重平均（{name}）。</translation>
    </message>
    <message>
        <source>Resume with the average that the run was started with, or start a new run.</source>
        <translation>请用运行开始时的权重平均方式继续，或新建一次运行。</translation>
    </message>
    <message>
        <source>The fused executor trains on the processor only.</source>
        <translation>融合执行器只能在处理器上训练。</translation>
    </message>
    <message>
        <source>Set training.device to cpu, or training.executor to auto.</source>
        <translation>请将 training.device 设为 cpu，或将 training.executor 设为 auto。</translation>
    </message>
    <message>
        <source>The fused executor does not know {layer}.</source>
        <translation>融合执行器不支持 {layer}。</translation>
    </message>
    <message>
        <source>Set training.executor to auto.</source>
        <translation>请将 training.executor 设为 auto。</translation>
    </message>
    <message>
        <source>There are no training images to show.</source>
        <translation>没有可显示的训练图像。</translation>
    </message>
    <message>
        <source>Choose image data.</source>
        <translation>请选择图像数据。</translation>
    </message>
    <message>
        <source>Showing images was cancelled.</source>
        <translation>图像显示已取消。</translation>
    </message>
    <message>
        <source>Augmentation changes images, not tables.</source>
        <translation>数据增强只用于图像，不用于表格。</translation>
    </message>
    <message>
        <source>Set training.augment.name to none.</source>
        <translation>请将 training.augment.name 设为 none。</translation>
    </message>
    <message>
        <source>Mixup and CutMix mix classes, not numbers.</source>
        <translation>Mixup 和 CutMix 混合的是类别，不是数值。</translation>
    </message>
    <message>
        <source>Set training.augment.mixup and training.augment.cutmix to 0.</source>
        <translation>请将 training.augment.mixup 和 training.augment.cutmix 设为 0。</translation>
    </message>
    <message>
        <source>A tuned decision threshold needs two classes, not {count}.</source>
        <translation>调整判定阈值需要两个类别，而不是 {count} 个。</translation>
    </message>
    <message>
        <source>Set training.decision_threshold to argmax.</source>
        <translation>请把 training.decision_threshold 设为 argmax。</translation>
    </message>
    <message>
        <source>Layer {layer} needs one row of numbers or a sequence, but is given {given}.</source>
        <translation>层 {layer} 需要一行数或一个序列，但得到的是 {given}。</translation>
    </message>
    <message>
        <source>Put a Reshape to channels, height and width before it when it follows a row.</source>
        <translation>如果它接在一行数之后，请在前面加一个 Reshape，变为通道、高和宽。</translation>
    </message>
    <message>
        <source>The output padding of layer {layer}, {padding}, must be smaller than its stride.</source>
        <translation>层 {layer} 的输出填充 {padding} 必须小于它的步幅。</translation>
    </message>
    <message>
        <source>Use less output padding.</source>
        <translation>请减小输出填充。</translation>
    </message>
    <message>
        <source>The padding of layer {layer} cuts off all that it makes of {given}.</source>
        <translation>层 {layer} 的填充把由 {given} 得到的内容全部裁掉了。</translation>
    </message>
    <message>
        <source>Use less padding or a larger kernel.</source>
        <translation>请减小填充或加大核。</translation>
    </message>
    <message>
        <source>Layer {layer} needs rows of several members, but is given {given}.</source>
        <translation>层 {layer} 需要含多个成员的行，但得到的是 {given}。</translation>
    </message>
    <message>
        <source>Put an Ensemble scale before it.</source>
        <translation>请在它之前放一个集成缩放层。</translation>
    </message>
    <message>
        <source>Layer {layer} has {members} members, but is given {given}.</source>
        <translation>层 {layer} 有 {members} 个成员，但得到的是 {given}。</translation>
    </message>
    <message>
        <source>Give every ensemble layer the same number of members.</source>
        <translation>请让所有集成层的成员数相同。</translation>
    </message>
    <message>
        <source>Layer {layer} cannot split the {channels} channels of {given} into {groups} groups.</source>
        <translation>层 {layer} 无法把 {given} 的 {channels} 个通道分成 {groups} 组。</translation>
    </message>
    <message>
        <source>Choose a number of groups that divides the channels.</source>
        <translation>请选择能整除通道数的组数。</translation>
    </message>
    <message>
        <source>Use LayerNorm or BatchNorm1d for rows of numbers.</source>
        <translation>对于一行数，请使用 LayerNorm 或 BatchNorm1d。</translation>
    </message>
    <message>
        <source>Layer {layer} needs more than one value a channel, but is given {given}.</source>
        <translation>层 {layer} 的每个通道需要不止一个值，但得到的是 {given}。</translation>
    </message>
    <message>
        <source>Put it before the last pool, or use GroupNorm.</source>
        <translation>请把它放在最后一个池化之前，或使用 GroupNorm。</translation>
    </message>
    <message>
        <source>Layer {layer} needs a sequence (steps x features), but is given {given}.</source>
        <translation>层 {layer} 需要一个序列（步 x 特征），但得到的是 {given}。</translation>
    </message>
    <message>
        <source>Let it read the input named sequence, or put a Reshape before it.</source>
        <translation>请让它读取名为 sequence 的输入，或在前面加一个 Reshape。</translation>
    </message>
    <message>
        <source>Layer {layer} needs an image or a sequence, but is given {given}.</source>
        <translation>层 {layer} 需要图像或序列，但得到的是 {given}。</translation>
    </message>
    <message>
        <source>Layer {layer} cannot split the {features} features of {given} among {heads} heads.</source>
        <translation>层 {layer} 无法把 {given} 的 {features} 个特征分给 {heads} 个头。</translation>
    </message>
    <message>
        <source>Choose a number of heads that divides the features, or put a Linear layer before it.</source>
        <translation>请选择能整除特征数的头数，或在前面加一个 Linear 层。</translation>
    </message>
    <message>
        <source>Layer {layer} multiplies inputs whose sizes are equal or 1, but is given {first} and {given}.</source>
        <translation>层 {layer} 相乘的输入各维须相等或为 1，但得到的是 {first} 和 {given}。</translation>
    </message>
    <message>
        <source>Make the two branches end in the same shape, or put a Reshape before one.</source>
        <translation>请让两条支路以相同的形状结束，或在其中一条前加 Reshape。</translation>
    </message>
    <message>
        <source>Let it read the features of a table.</source>
        <translation>请让它读取表格的特征。</translation>
    </message>
    <message>
        <source>Rows of numbers cannot be padded.</source>
        <translation>一行数不能填充。</translation>
    </message>
    <message>
        <source>Give one number, four for an image (left, right, top, bottom), or two for a sequence (before, after).</source>
        <translation>请给一个数；图像给四个（左、右、上、下）；序列给两个（前、后）。</translation>
    </message>
    <message>
        <source>Layer {layer} mirrors more than there is of {given}.</source>
        <translation>层 {layer} 的镜像超出了 {given}。</translation>
    </message>
    <message>
        <source>Pad less than the size, or use another mode.</source>
        <translation>填充应小于尺寸，或改用其他方式。</translation>
    </message>
    <message>
        <source>Layer {layer} cannot put the dimensions of {given} into the order {order}.</source>
        <translation>层 {layer} 无法把 {given} 的各维排成顺序 {order}。</translation>
    </message>
    <message>
        <source>Name each dimension once, counted from 0.</source>
        <translation>每一维写一次，从 0 数起。</translation>
    </message>
    <message>
        <source>Layer {layer} would store {count} fixed numbers for a sequence of {given}.</source>
        <translation>层 {layer} 要为 {given} 的序列存储 {count} 个固定的数。</translation>
    </message>
    <message>
        <source>Shorten the sequence with a pool or a stride before it.</source>
        <translation>请在前面用池化或步幅缩短序列。</translation>
    </message>
    <message>
        <source>Layer {layer} cannot lay {given} out as {sizes}: these are {count} numbers.</source>
        <translation>层 {layer} 无法把 {given} 排成 {sizes}：共有 {count} 个数。</translation>
    </message>
    <message>
        <source>Give up to four sizes that multiply to {count}; one of them may be -1.</source>
        <translation>请给至多四个乘积为 {count} 的尺寸；其中一个可以是 -1。</translation>
    </message>
    <message>
        <source>It belongs after a convolution.</source>
        <translation>它应放在卷积之后。</translation>
    </message>
    <message>
        <source>The target {column} is named twice.</source>
        <translation>目标 {column} 被指定了两次。</translation>
    </message>
    <message>
        <source>Name each column once in data.targets.</source>
        <translation>在 data.targets 中每列只写一次。</translation>
    </message>
    <message>
        <source>Set data.target for one column, or data.targets for several.</source>
        <translation>一列请设 data.target，几列请设 data.targets。</translation>
    </message>
    <message>
        <source>Use {known} or auto.</source>
        <translation>请使用 {known} 或 auto。</translation>
    </message>
    <message>
        <source>The focal loss knows no label smoothing.</source>
        <translation>focal 损失没有标签平滑。</translation>
    </message>
    <message>
        <source>Class weights need one class a row, not several labels.</source>
        <translation>类别权重要求每行一个类别，而不是几个标签。</translation>
    </message>
    <message>
        <source>training.loss.quantiles must rise from level to level.</source>
        <translation>training.loss.quantiles 必须逐级递增。</translation>
    </message>
    <message>
        <source>For example 0.1, 0.5, 0.9: at least one level, at most 99.</source>
        <translation>例如 0.1, 0.5, 0.9：至少一级，最多 99 级。</translation>
    </message>
    <message>
        <source>{optimizer} averages the weights by itself, so {average} cannot do it too.</source>
        <translation>{optimizer} 自己会平均权重，因此不能再用 {average}。</translation>
    </message>
    <message>
        <source>Set training.average.name to none, or choose another optimiser.</source>
        <translation>请把 training.average.name 设为 none，或换一个优化器。</translation>
    </message>
    <message>
        <source>Install libxsmm-dev and build Lathe again: two times faster.</source>
        <translation>请安装 libxsmm-dev 并重新构建 Lathe：速度快一倍。</translation>
    </message>
    <message>
        <source>Windows are of the rows of a table, and {file} holds images.</source>
        <translation>窗口由表格的行组成，而 {file} 中是图像。</translation>
    </message>
    <message>
        <source>Set data.window to 0.</source>
        <translation>请将 data.window 设为 0。</translation>
    </message>
    <message>
        <source>{file} holds no tensors.</source>
        <translation>{file} 中没有张量。</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>请选择其他文件。</translation>
    </message>
    <message>
        <source>The label {column} has {values} different values; a label of anomalies has two, such as 0 and 1.</source>
        <translation>标签 {column} 有 {values} 个不同的值；异常标签应有两个，例如 0 和 1。</translation>
    </message>
    <message>
        <source>Choose another column to score by, or name no target.</source>
        <translation>请选择另一列用于评分，或者不指定目标。</translation>
    </message>
    <message>
        <source>Anomalies are scored by one label, but {count} columns are named as targets.</source>
        <translation>异常由一个标签来评分，但指定了 {count} 个目标列。</translation>
    </message>
    <message>
        <source>Name one of them, or none.</source>
        <translation>请只指定其中一个，或者都不指定。</translation>
    </message>
    <message>
        <source>A forecast needs a window, but data.window is 0.</source>
        <translation>预测未来需要窗口，但 data.window 为 0。</translation>
    </message>
    <message>
        <source>Set data.window (--window) to the rows that the model sees, such as 24.</source>
        <translation>请将 data.window（--window）设为模型看到的行数，例如 24。</translation>
    </message>
    <message>
        <source>Row {row} has no value in the time column {column}, so rows cannot be put in order.</source>
        <translation>第 {row} 行在时间列 {column} 中没有值，因此无法排列各行的顺序。</translation>
    </message>
    <message>
        <source>Fill it in, remove the row, or give another column the role time.</source>
        <translation>请补上该值、删除该行，或把时间角色给另一列。</translation>
    </message>
    <message>
        <source>Row {row} holds {value} in the time column {column}, which is no date and no number, so rows cannot be put in order.</source>
        <translation>第 {row} 行在时间列 {column} 中是 {value}，既不是日期也不是数字，因此无法排列各行的顺序。</translation>
    </message>
    <message>
        <source>Write dates as yyyy-mm-dd hh:mm:ss, or give another column the role time.</source>
        <translation>请将日期写成 yyyy-mm-dd hh:mm:ss，或把时间角色给另一列。</translation>
    </message>
    <message>
        <source>{file} holds more than tensors ({name}), which would have to be executed to be read.</source>
        <translation>{file} 中除张量外还有其他内容（{name}），要读取就必须执行它。</translation>
    </message>
    <message>
        <source>Save the numbers alone, torch.save(model.state_dict(), FILE), or use safetensors.</source>
        <translation>请只保存数值：torch.save(model.state_dict(), FILE)，或使用 safetensors。</translation>
    </message>
    <message>
        <source>{file} is no file of weights: neither safetensors nor written by torch.save().</source>
        <translation>{file} 不是权重文件：既不是 safetensors，也不是由 torch.save() 写出的。</translation>
    </message>
    <message>
        <source>Choose a .safetensors file, or a .pth file with a state_dict().</source>
        <translation>请选择 .safetensors 文件，或含有 state_dict() 的 .pth 文件。</translation>
    </message>
    <message>
        <source>{file} is a TorchScript program, not a file of weights.</source>
        <translation>{file} 是 TorchScript 程序，不是权重文件。</translation>
    </message>
    <message>
        <source>Save its numbers alone in Python: torch.save(model.state_dict(), FILE).</source>
        <translation>请在 Python 中只保存其数值：torch.save(model.state_dict(), FILE)。</translation>
    </message>
    <message>
        <source>{file} is damaged: it is not a complete file of weights.</source>
        <translation>{file} 已损坏：不是完整的权重文件。</translation>
    </message>
    <message>
        <source>Download it again, or save it again.</source>
        <translation>请重新下载，或重新保存。</translation>
    </message>
    <message>
        <source>{file} holds numbers of the kind {kind}, which Lathe does not read.</source>
        <translation>{file} 含有 {kind} 类型的数，Lathe 不读取该类型。</translation>
    </message>
    <message>
        <source>Save the weights as float32.</source>
        <translation>请将权重保存为 float32。</translation>
    </message>
    <message>
        <source>No window of {needed} rows has a target: its values are missing.</source>
        <translation>没有一个 {needed} 行的窗口有目标值：这些值缺失。</translation>
    </message>
    <message>
        <source>Choose another target column, or fill its values in.</source>
        <translation>请选择另一个目标列，或补上其中的值。</translation>
    </message>
    <message>
        <source>The longest series has {rows} rows; a window and its horizon together need {needed}.</source>
        <translation>最长的序列有 {rows} 行；窗口加上预测步数需要 {needed} 行。</translation>
    </message>
    <message>
        <source>Make data.window or data.horizon smaller, or give more rows.</source>
        <translation>请减小 data.window 或 data.horizon，或提供更多行。</translation>
    </message>
    <message>
        <source>The longest series has {rows} rows; a window needs {needed}.</source>
        <translation>最长的序列有 {rows} 行；一个窗口需要 {needed} 行。</translation>
    </message>
    <message>
        <source>Make data.window smaller, or give more rows.</source>
        <translation>请减小 data.window，或提供更多行。</translation>
    </message>
    <message>
        <source>There are {windows} windows of {length} rows: too few to cut the time into parts for training, validation and test that do not overlap.</source>
        <translation>共有 {windows} 个 {length} 行的窗口：太少，无法把时间切成互不重叠的训练、验证和测试部分。</translation>
    </message>
    <message>
        <source>Make data.window or data.horizon smaller, give more rows, or a test file of its own.</source>
        <translation>请减小 data.window 或 data.horizon，提供更多行，或另给一个测试文件。</translation>
    </message>
    <message>
        <source>The checkpoint could not be written: {reason}.</source>
        <translation>检查点无法写入：{reason}。</translation>
    </message>
    <message>
        <source>Resume the run from its last checkpoint.</source>
        <translation>请从运行的最后一个检查点继续。</translation>
    </message>
    <message>
        <source>This build of Lathe cannot search for anomalies.</source>
        <translation>这个版本的 Lathe 不能查找异常。</translation>
    </message>
    <message>
        <source>Use a build with LibTorch.</source>
        <translation>请使用带 LibTorch 的版本。</translation>
    </message>
    <message>
        <source>This build of Lathe has no engine that weights could be loaded into.</source>
        <translation>此版本的 Lathe 没有可载入权重的引擎。</translation>
    </message>
    <message>
        <source>Train with a build that has LibTorch, or without model.weights.</source>
        <translation>请使用带有 LibTorch 的版本训练，或不设置 model.weights。</translation>
    </message>
    <message>
        <source>Every layer of the model is frozen, so nothing could learn.</source>
        <translation>模型的每一层都被冻结，因此什么也学不到。</translation>
    </message>
    <message>
        <source>Let at least the output layer learn: set its frozen to false.</source>
        <translation>请至少让输出层学习：将其 frozen 设为 false。</translation>
    </message>
    <message>
        <source>{file} holds numbers in {name} that are not finite.</source>
        <translation>{file} 的 {name} 中有非有限的数。</translation>
    </message>
    <message>
        <source>The file comes from a training that failed; choose another one.</source>
        <translation>该文件来自失败的训练；请选择其他文件。</translation>
    </message>
    <message>
        <source>Nothing in {file} fits this model: there it begins with {theirs}, here with {ours}.</source>
        <translation>{file} 中没有与此模型相符的内容：文件以 {theirs} 开始，模型以 {ours} 开始。</translation>
    </message>
    <message>
        <source>Choose the template that the weights were made with (model.template).</source>
        <translation>请选择产生这些权重的模板（model.template）。</translation>
    </message>
    <message>
        <source>Too few rows come before row {row} for a whole window.</source>
        <translation>第 {row} 行之前的行太少，不够一个完整的窗口。</translation>
    </message>
    <message>
        <source>Choose rows whose window is complete.</source>
        <translation>请选择窗口完整的行。</translation>
    </message>
    <message>
        <source>The newest checkpoint, {file}, is damaged or missing. Going on from the one before it, {previous}, step {step}.</source>
        <translation>最新的检查点 {file} 已损坏或缺失。从它之前的检查点 {previous}（第 {step} 步）继续。</translation>
    </message>
    <message>
        <source>Nothing is lost: the steps after it are trained again with the same result. Check the disk when this comes again.</source>
        <translation>没有任何损失：其后的步骤会重新训练，结果相同。如果再次出现，请检查磁盘。</translation>
    </message>
    <message>
        <source>Neither {file} nor the checkpoint before it, {previous}, can be read: both are damaged.</source>
        <translation>{file} 和它之前的检查点 {previous} 都无法读取：两者均已损坏。</translation>
    </message>
    <message>
        <source>No series of {file} has the {window} rows that the model looks at.</source>
        <translation>{file} 中没有一个序列达到模型要看的 {window} 行。</translation>
    </message>
    <message>
        <source>Give a file with the rows before those to be predicted as well.</source>
        <translation>请给出一个文件，其中也包含待预测行之前的行。</translation>
    </message>
    <message>
        <source>Choosing was cancelled.</source>
        <translation>选择已取消。</translation>
    </message>
    <message>
        <source>The weights file {file} is not there.</source>
        <translation>权重文件 {file} 不存在。</translation>
    </message>
    <message>
        <source>Choose another one (model.weights), or leave it empty to start from random numbers.</source>
        <translation>请选择其他文件（model.weights），或留空以从随机数开始。</translation>
    </message>
    <message>
        <source>{file} holds none of torchvision&apos;s resnet18, resnet34, resnet50 or mobilenet_v2.</source>
        <translation>{file} 中没有 torchvision 的 resnet18、resnet34、resnet50 或 mobilenet_v2。</translation>
    </message>
    <message>
        <source>Choose another file, or a template that fits it (model.template).</source>
        <translation>请选择其他文件，或与之相符的模板（model.template）。</translation>
    </message>
    <message>
        <source>What is frozen stays at random numbers, since no weights file is named.</source>
        <translation>由于未指定权重文件，被冻结的部分将保持为随机数。</translation>
    </message>
    <message>
        <source>Name one (model.weights), or set training.freeze to none.</source>
        <translation>请指定一个（model.weights），或将 training.freeze 设为 none。</translation>
    </message>
    <message>
        <source>LoRA adapts layers that stay at random numbers, since no weights file is named.</source>
        <translation>由于未指定权重文件，LoRA 所适配的层将保持为随机数。</translation>
    </message>
    <message>
        <source>Name one (model.weights), or set model.lora_rank to 0.</source>
        <translation>请指定一个（model.weights），或将 model.lora_rank 设为 0。</translation>
    </message>
    <message>
        <source>ImageNet&apos;s scaling is for grey or coloured images, but these have {channels} channels.</source>
        <translation>ImageNet 的缩放用于灰度或彩色图像，但这些图像有 {channels} 个通道。</translation>
    </message>
    <message>
        <source>Set data.preprocessing.image_scaling to fitted, or choose another template.</source>
        <translation>请将 data.preprocessing.image_scaling 设为 fitted，或选择其他模板。</translation>
    </message>
    <message>
        <source>Layer {layer} embeds numbers, but the table has none.</source>
        <translation>层 {layer} 用于嵌入数值，但表中没有数值列。</translation>
    </message>
    <message>
        <source>Remove it, or give a numeric column the role feature.</source>
        <translation>请删除它，或把某个数值列设为特征。</translation>
    </message>
    <message>
        <source>Layer {layer} joins numbers with categories, but both inputs are alike.</source>
        <translation>层 {layer} 把数值与类别合在一起，但两个输入是同一类。</translation>
    </message>
    <message>
        <source>Let it read features and categories.</source>
        <translation>请让它读取 features 和 categories。</translation>
    </message>
    <message>
        <source>Let it read the input named features.</source>
        <translation>请让它读取名为 features 的输入。</translation>
    </message>
    <message>
        <source>Layer {layer} needs the bins of the numbers, but none were fitted.</source>
        <translation>层 {layer} 需要数值的分箱，但没有拟合过分箱。</translation>
    </message>
    <message>
        <source>Set data.preprocessing.numeric_bins, to 48 for example.</source>
        <translation>请设置 data.preprocessing.numeric_bins，例如 48。</translation>
    </message>
    <message>
        <source>Layer {layer} compares an image of {given} with one of {needed}.</source>
        <translation>层 {layer} 要比较 {given} 的图像与 {needed} 的图像。</translation>
    </message>
    <message>
        <source>Let the decoder end in the size and the channels of the image.</source>
        <translation>请让解码器的输出与图像的大小和通道数一致。</translation>
    </message>
    <message>
        <source>Let it read the decoder, features, categories and missing.</source>
        <translation>请让它读取解码器、features、categories 和 missing。</translation>
    </message>
    <message>
        <source>Layer {layer} is not told which cells are missing.</source>
        <translation>层 {layer} 不知道哪些单元格缺失。</translation>
    </message>
    <message>
        <source>Let it read the input named missing, which the task anomaly offers.</source>
        <translation>请让它读取名为 missing 的输入，任务 anomaly 会提供它。</translation>
    </message>
    <message>
        <source>Layer {layer} compares {given} numbers with {needed}.</source>
        <translation>层 {layer} 要比较 {given} 个数与 {needed} 个数。</translation>
    </message>
    <message>
        <source>End the decoder with a Linear layer of {needed} outputs.</source>
        <translation>请让解码器以 {needed} 个输出的线性层结束。</translation>
    </message>
    <message>
        <source>No layer before the output can carry low-rank adapters.</source>
        <translation>输出层之前没有可以加低秩适配器的层。</translation>
    </message>
    <message>
        <source>They belong to Linear and attention layers: set model.lora_rank to 0, and fine-tune with training.freeze instead.</source>
        <translation>它们属于线性层和注意力层：请将 model.lora_rank 设为 0，改用 training.freeze 微调。</translation>
    </message>
    <message>
        <source>{field} must be a rank and an alpha, not {value}.</source>
        <translation>{field} 必须是秩和 alpha，而不是 {value}。</translation>
    </message>
    <message>
        <source>The template {template} is for tables, but this data is images or sequences.</source>
        <translation>模板 {template} 用于表格，但这份数据是图像或序列。</translation>
    </message>
    <message>
        <source>Use the template {better}.</source>
        <translation>请使用模板 {better}。</translation>
    </message>
    <message>
        <source>The template autoencoder takes tables and images, but this data is sequences.</source>
        <translation>模板 autoencoder 用于表格和图像，但这份数据是序列。</translation>
    </message>
    <message>
        <source>The template {template} gives anomaly scores, but the task is {task}.</source>
        <translation>模板 {template} 给出异常分数，但任务是 {task}。</translation>
    </message>
    <message>
        <source>The template {template} predicts a target, which the task {task} has not.</source>
        <translation>模板 {template} 预测目标，而任务 {task} 没有目标。</translation>
    </message>
    <message>
        <source>Set data.task to anomaly, or use the template {better}.</source>
        <translation>请把 data.task 设为 anomaly，或使用模板 {better}。</translation>
    </message>
    <message>
        <source>A horizon of {horizon} rows belongs to a forecast, not to {task}.</source>
        <translation>预测 {horizon} 行属于 forecast 任务，而不是 {task}。</translation>
    </message>
    <message>
        <source>Set data.task to forecast or quantile, or data.horizon to 0.</source>
        <translation>请将 data.task 设为 forecast 或 quantile，或将 data.horizon 设为 0。</translation>
    </message>
    <message>
        <source>Anomalies are looked for in single rows, not in windows of them.</source>
        <translation>异常是在单独的行中寻找的，而不是在行的窗口中。</translation>
    </message>
    <message>
        <source>Windows cannot be split by the method {method}: those of training would overlap those of validation in time.</source>
        <translation>窗口不能用方法 {method} 划分：训练窗口与验证窗口会在时间上重叠。</translation>
    </message>
    <message>
        <source>Set data.split.method to auto: windows are split in time, with a gap.</source>
        <translation>请将 data.split.method 设为 auto：窗口按时间划分，中间留有间隔。</translation>
    </message>
    <message>
        <source>Column {column} holds text, which is read neither in windows nor for anomalies.</source>
        <translation>列 {column} 是文本，窗口和异常检测都不读取文本。</translation>
    </message>
    <message>
        <source>Give it the role ignore, or the kind category if its values are few.</source>
        <translation>把它的角色设为忽略；如果取值不多，也可把类型设为类别。</translation>
    </message>
    <message>
        <source>The fused executor computes in float32.</source>
        <translation>融合执行器用 float32 计算。</translation>
    </message>
    <message>
        <source>Set training.precision to float32, or training.executor to auto.</source>
        <translation>把 training.precision 设为 float32，或把 training.executor 设为 auto。</translation>
    </message>
    <message>
        <source>Layer {layer} needs the codes of text, but is given shape {given}.</source>
        <translation>层 {layer} 需要文本编码，得到的形状却是 {given}。</translation>
    </message>
    <message>
        <source>Let it read the input named text.</source>
        <translation>让它读取名为 text 的输入。</translation>
    </message>
    <message>
        <source>Give at least one column the role feature and a kind other than id.</source>
        <translation>至少把一列的角色设为特征，并且类型不是 id。</translation>
    </message>
    <message>
        <source>The model&apos;s codes of text lie where they cannot be read.</source>
        <translation>模型的文本编码所在的位置无法读取。</translation>
    </message>
    <message>
        <source>{field} must be a known rule and its buckets, not {value}.</source>
        <translation>{field} 必须是已知的规则及其桶数，而不是 {value}。</translation>
    </message>
    <message>
        <source>A clip of {seconds} s at {rate} Hz is too long for a model.</source>
        <translation>{seconds} 秒、{rate} Hz 的片段对模型来说太长。</translation>
    </message>
    <message>
        <source>{count} clips of {seconds} s at {rate} Hz do not fit into memory.</source>
        <translation>{count} 段 {seconds} 秒、{rate} Hz 的音频放不进内存。</translation>
    </message>
    <message>
        <source>Choose a shorter clip length (data.preprocessing.clip_seconds) or a lower sample rate (data.preprocessing.sample_rate).</source>
        <translation>请选择更短的片段长度（data.preprocessing.clip_seconds）或更低的采样率（data.preprocessing.sample_rate）。</translation>
    </message>
    <message>
        <source>The model takes clips of sound, {file} holds none.</source>
        <translation>模型需要音频片段，{file} 中没有。</translation>
    </message>
    <message>
        <source>Choose a folder of WAV or FLAC files.</source>
        <translation>请选择包含 WAV 或 FLAC 文件的文件夹。</translation>
    </message>
    <message>
        <source>Use WAV or FLAC files, one sub-folder a class.</source>
        <translation>请使用 WAV 或 FLAC 文件，每类一个子文件夹。</translation>
    </message>
    <message>
        <source>No sound file in {folder} can be read.</source>
        <translation>{folder} 中没有可读取的音频文件。</translation>
    </message>
    <message>
        <source>{folder} holds sound ({clip}) as well as images ({image}).</source>
        <translation>{folder} 中既有声音（{clip}）又有图像（{image}）。</translation>
    </message>
    <message>
        <source>Choose a folder that holds only one of them.</source>
        <translation>请选择只含其中一种的文件夹。</translation>
    </message>
    <message>
        <source>There is no sound file in {folder}.</source>
        <translation>{folder} 中没有音频文件。</translation>
    </message>
    <message>
        <source>The sound files in {folder} are of a format that Lathe does not read.</source>
        <translation>{folder} 中的声音文件格式 Lathe 无法读取。</translation>
    </message>
    <message>
        <source>The model takes no sound, {file} holds clips of sound.</source>
        <translation>模型不接受声音，{file} 中是音频片段。</translation>
    </message>
    <message>
        <source>Choose data of the kind that the model was trained on.</source>
        <translation>请选择与训练数据同类的数据。</translation>
    </message>
    <message>
        <source>{file} can no longer be read.</source>
        <translation>{file} 已无法读取。</translation>
    </message>
    <message>
        <source>Bring the file back, or open the folder again.</source>
        <translation>请恢复该文件，或重新打开文件夹。</translation>
    </message>
    <message>
        <source>Windows are of the rows of a table, and {file} holds clips of sound.</source>
        <translation>窗口由表格的行组成，而 {file} 中是音频片段。</translation>
    </message>
    <message>
        <source>Folders of sound are for telling classes apart, not for the task {task}.</source>
        <translation>声音文件夹用于区分类别，不能用于任务 {task}。</translation>
    </message>
    <message>
        <source>{file} has {count} classes of clips, at least two are needed.</source>
        <translation>{file} 有 {count} 类音频片段，至少需要两类。</translation>
    </message>
    <message>
        <source>Put the clips of each class into a folder of their own.</source>
        <translation>请把每一类的音频片段放进各自的文件夹。</translation>
    </message>
    <message>
        <source>{file} is a single clip of sound.</source>
        <translation>{file} 是单个音频片段。</translation>
    </message>
    <message>
        <source>Choose the folder that holds a sub-folder of clips for each class.</source>
        <translation>请选择每类各有一个音频子文件夹的文件夹。</translation>
    </message>
    <message>
        <source>Layer {layer} takes the samples of a clip of sound, not {given}.</source>
        <translation>层 {layer} 需要音频片段的采样，而不是 {given}。</translation>
    </message>
    <message>
        <source>Let it read the audio input, or flatten what comes before.</source>
        <translation>请让它读取 audio 输入，或把前一层展平。</translation>
    </message>
    <message>
        <source>Layer {layer} has a window of {window} samples.</source>
        <translation>层 {layer} 的窗长为 {window} 个采样。</translation>
    </message>
    <message>
        <source>Choose window_ms so that it has 4 to {most}.</source>
        <translation>请选择 window_ms，使其为 4 到 {most} 个采样。</translation>
    </message>
    <message>
        <source>Layer {layer} has a window of {window} samples, the clip only {samples}.</source>
        <translation>层 {layer} 的窗长为 {window} 个采样，而片段只有 {samples} 个。</translation>
    </message>
    <message>
        <source>Shorten window_ms, or use longer clips.</source>
        <translation>请缩短 window_ms，或使用更长的片段。</translation>
    </message>
    <message>
        <source>Layer {layer} has its lowest pitch above its highest.</source>
        <translation>层 {layer} 的最低音高高于最高音高。</translation>
    </message>
    <message>
        <source>Choose low_hz below high_hz and below half the sample rate.</source>
        <translation>请使 low_hz 低于 high_hz 且低于采样率的一半。</translation>
    </message>
    <message>
        <source>The template {template} is for tables, but this data is sound.</source>
        <translation>模板 {template} 用于表格，但这些数据是声音。</translation>
    </message>
    <message>
        <source>The template {template} takes tables and images, but this data is sound.</source>
        <translation>模板 {template} 接受表格和图像，但这些数据是声音。</translation>
    </message>
    <message>
        <source>These trainings cannot share their steps, because they differ in {setting}.</source>
        <translation>这些训练不能共用训练步，因为它们的 {setting} 不同。</translation>
    </message>
    <message>
        <source>Train them in groups that agree in it, or each by itself.</source>
        <translation>请把该项相同的训练分到一组，或者逐个单独训练。</translation>
    </message>
    <message>
        <source>Trainings with {setting} cannot share their steps.</source>
        <translation>带有 {setting} 的训练不能共用训练步。</translation>
    </message>
    <message>
        <source>Train each of them by itself.</source>
        <translation>请逐个单独训练。</translation>
    </message>
    <message>
        <source>{members} trainings together would need about {needed} MB, but {available} MB are available.</source>
        <translation>{members} 个训练同时进行大约需要 {needed} MB，而可用的只有 {available} MB。</translation>
    </message>
    <message>
        <source>Train fewer of them at once.</source>
        <translation>请减少同时训练的数量。</translation>
    </message>
    <message>
        <source>Use a batch size of {batch} (training.batch_size), or a smaller model.</source>
        <translation>请使用批大小 {batch}（training.batch_size），或更小的模型。</translation>
    </message>
    <message>
        <source>The fused executor does without libxsmm ({fused}).</source>
        <translation>融合执行器没有使用 libxsmm（{fused}）。</translation>
    </message>
    <message>
        <source>The fused executor uses {fused}.</source>
        <translation>融合执行器使用 {fused}。</translation>
    </message>
    <message>
        <source>Layer {layer} needs numbers, but is given {given} codes of text.</source>
        <translation>层 {layer} 需要数值，但得到的是 {given} 个文本编码。</translation>
    </message>
    <message>
        <source>Put a Text embedding between the text and {layer}.</source>
        <translation>请在文本和 {layer} 之间放置一个文本嵌入层。</translation>
    </message>
    <message>
        <source>Layer {layer} needs numbers, but is given {given} category codes.</source>
        <translation>层 {layer} 需要数值，但得到的是 {given} 个类别编码。</translation>
    </message>
    <message>
        <source>Layer {layer} needs the numbers of a table as they are, but is given {given} of another kind.</source>
        <translation>层 {layer} 需要表格中原样的数值，但得到的是另一种类的 {given}。</translation>
    </message>
    <message>
        <source>Layer {layer} needs a row and what it should give back, but is given {given}.</source>
        <translation>层 {layer} 需要一行以及它应当还原的内容，但得到的是 {given}。</translation>
    </message>
    <message>
        <source>There is no pruner {name}.</source>
        <translation>没有名为 {name} 的剪枝器。</translation>
    </message>
    <message>
        <source>Pruners are {names}.</source>
        <translation>可用的剪枝器有 {names}。</translation>
    </message>
    <message>
        <source>There is no sampler {name}.</source>
        <translation>没有名为 {name} 的采样器。</translation>
    </message>
    <message>
        <source>Samplers are {names}.</source>
        <translation>可用的采样器有 {names}。</translation>
    </message>
    <message>
        <source>No configuration was found that fulfils the constraints.</source>
        <translation>找不到满足约束的配置。</translation>
    </message>
    <message>
        <source>Loosen them, or widen the ranges of their parameters.</source>
        <translation>请放宽约束，或扩大其参数的范围。</translation>
    </message>
    <message>
        <source>The record of study {study} does not fit its trials.</source>
        <translation>研究 {study} 的记录与其试验不符。</translation>
    </message>
    <message>
        <source>Start a new study.</source>
        <translation>请开始新的研究。</translation>
    </message>
    <message>
        <source>The study stopped unexpectedly: {reason}.</source>
        <translation>研究意外停止：{reason}。</translation>
    </message>
    <message>
        <source>Resume it; what its trials found is kept.</source>
        <translation>请继续该研究；各试验的结果都已保留。</translation>
    </message>
    <message>
        <source>All {count} trials failed, trial {trial} so: {reason}</source>
        <translation>全部 {count} 个试验都失败了，试验 {trial} 的原因是：{reason}</translation>
    </message>
    <message>
        <source>Narrow the space, or mend what the reason names.</source>
        <translation>请缩小搜索空间，或解决原因中指出的问题。</translation>
    </message>
    <message>
        <source>Trials never see the test rows, so {metric} is no goal.</source>
        <translation>试验从不使用测试行，因此 {metric} 不能作为目标。</translation>
    </message>
    <message>
        <source>Search by the same metric of the validation rows.</source>
        <translation>请改用验证行上的同一指标进行搜索。</translation>
    </message>
    <message>
        <source>{metric} is no goal for this task.</source>
        <translation>{metric} 不能作为此任务的目标。</translation>
    </message>
    <message>
        <source>Goals are {names}, latency_ms, bytes, parameters and flops.</source>
        <translation>可用的目标有 {names}、latency_ms、bytes、parameters 和 flops。</translation>
    </message>
    <message>
        <source>Study {study} has completed.</source>
        <translation>研究 {study} 已完成。</translation>
    </message>
    <message>
        <source>Give more trials or more time to search on.</source>
        <translation>请指定更多试验或更长时间以继续搜索。</translation>
    </message>
    <message>
        <source>There are no studies in this project.</source>
        <translation>此项目中没有研究。</translation>
    </message>
    <message>
        <source>lathe-cli search makes one.</source>
        <translation>lathe-cli search 会创建一个研究。</translation>
    </message>
    <message>
        <source>&quot;{study}&quot; names no study.</source>
        <translation>“{study}”不是任何研究的名称。</translation>
    </message>
    <message>
        <source>Give a study&apos;s number, or latest.</source>
        <translation>请给出研究的编号，或 latest。</translation>
    </message>
    <message>
        <source>The settings of the study cannot be read.</source>
        <translation>无法读取该研究的设置。</translation>
    </message>
    <message>
        <source>{path} cannot be searched: only fields of training, model and data.preprocessing can.</source>
        <translation>无法搜索 {path}：只能搜索 training、model 和 data.preprocessing 的字段。</translation>
    </message>
    <message>
        <source>lathe-cli help spec lists the paths.</source>
        <translation>lathe-cli help spec 会列出这些路径。</translation>
    </message>
    <message>
        <source>{path} cannot be searched: trials are compared by it.</source>
        <translation>无法搜索 {path}：试验正是依据它来比较的。</translation>
    </message>
    <message>
        <source>Take it out of the space.</source>
        <translation>请将其从搜索空间中移除。</translation>
    </message>
    <message>
        <source>The training gave no {metric}.</source>
        <translation>训练没有给出 {metric}。</translation>
    </message>
    <message>
        <source>Choose a metric that fits the task; help search names them.</source>
        <translation>请选择适合该任务的指标；help search 会列出它们。</translation>
    </message>
    <message>
        <source>{metric} is not a finite number.</source>
        <translation>{metric} 不是有限的数。</translation>
    </message>
    <message>
        <source>Such a configuration counts as failed.</source>
        <translation>这样的配置计为失败。</translation>
    </message>
    <message>
        <source>{parameter} cannot be {value}: that is none of its choices.</source>
        <translation>{parameter} 不能为 {value}：它不在可选值之中。</translation>
    </message>
    <message>
        <source>Give one of its choices.</source>
        <translation>请给出其可选值之一。</translation>
    </message>
    <message>
        <source>{parameter} cannot be {value}: it goes from {low} to {high}.</source>
        <translation>{parameter} 不能为 {value}：其范围是 {low} 到 {high}。</translation>
    </message>
    <message>
        <source>Give a value that the space allows.</source>
        <translation>请给出搜索空间允许的值。</translation>
    </message>
    <message>
        <source>{parameter} has a value though its condition does not hold.</source>
        <translation>{parameter} 的条件不成立，却给出了值。</translation>
    </message>
    <message>
        <source>Leave it out.</source>
        <translation>请省略它。</translation>
    </message>
    <message>
        <source>{parameter} has no value.</source>
        <translation>{parameter} 没有值。</translation>
    </message>
    <message>
        <source>Give a value for each parameter whose condition holds.</source>
        <translation>请为每个条件成立的参数给出值。</translation>
    </message>
    <message>
        <source>These values break a constraint of the space.</source>
        <translation>这些值违反了搜索空间的约束。</translation>
    </message>
    <message>
        <source>Change them so that every constraint holds.</source>
        <translation>请修改这些值，使所有约束都成立。</translation>
    </message>
    <message>
        <source>The search space cannot be read: {where}.</source>
        <translation>无法读取搜索空间：{where}。</translation>
    </message>
    <message>
        <source>lathe-cli help search shows how a space is written.</source>
        <translation>lathe-cli help search 说明了搜索空间的写法。</translation>
    </message>
    <message>
        <source>{parameter} needs the numbers low and high.</source>
        <translation>{parameter} 需要数值 low 和 high。</translation>
    </message>
    <message>
        <source>Give both; they may be equal.</source>
        <translation>请两者都给出；它们可以相等。</translation>
    </message>
    <message>
        <source>The lowest value of {parameter} is above its highest.</source>
        <translation>{parameter} 的最小值大于最大值。</translation>
    </message>
    <message>
        <source>Exchange low and high.</source>
        <translation>请交换 low 和 high。</translation>
    </message>
    <message>
        <source>{parameter} is logarithmic, so its lowest value must be above 0.</source>
        <translation>{parameter} 采用对数刻度，因此最小值必须大于 0。</translation>
    </message>
    <message>
        <source>Raise low, or take log away.</source>
        <translation>请增大 low，或去掉 log。</translation>
    </message>
    <message>
        <source>{parameter} is an int, so low and high must be whole numbers.</source>
        <translation>{parameter} 是 int，因此 low 和 high 必须是整数。</translation>
    </message>
    <message>
        <source>Give whole numbers, or make it a float.</source>
        <translation>请给出整数，或将其改为 float。</translation>
    </message>
    <message>
        <source>The step of {parameter} must be above 0, and whole for an int.</source>
        <translation>{parameter} 的步长必须大于 0，对 int 还必须是整数。</translation>
    </message>
    <message>
        <source>Give such a step, or none.</source>
        <translation>请给出这样的步长，或不给步长。</translation>
    </message>
    <message>
        <source>{parameter} cannot have both a step and log.</source>
        <translation>{parameter} 不能同时有步长和 log。</translation>
    </message>
    <message>
        <source>Take one of them away; an ordinal can list any values.</source>
        <translation>请去掉其中之一；ordinal 可以列出任意值。</translation>
    </message>
    <message>
        <source>{parameter} needs a list of choices.</source>
        <translation>{parameter} 需要一个可选值列表。</translation>
    </message>
    <message>
        <source>Give one to ten thousand of them.</source>
        <translation>请给出一到一万个可选值。</translation>
    </message>
    <message>
        <source>{parameter} lists a choice twice: {choice}.</source>
        <translation>{parameter} 重复列出了可选值：{choice}。</translation>
    </message>
    <message>
        <source>List each once.</source>
        <translation>每个只列一次。</translation>
    </message>
    <message>
        <source>{parameter} depends on {parent}, which is unknown or comes later.</source>
        <translation>{parameter} 依赖于 {parent}，而后者未知或排在后面。</translation>
    </message>
    <message>
        <source>List {parent} before {parameter}.</source>
        <translation>请将 {parent} 列在 {parameter} 之前。</translation>
    </message>
    <message>
        <source>{parameter} depends on {parent} being {value}, which it can never be.</source>
        <translation>{parameter} 依赖于 {parent} 等于 {value}，而这永远不会成立。</translation>
    </message>
    <message>
        <source>List values that {parent} can have.</source>
        <translation>请列出 {parent} 可取的值。</translation>
    </message>
    <message>
        <source>{parameter} is listed twice.</source>
        <translation>{parameter} 被列出了两次。</translation>
    </message>
    <message>
        <source>Each parameter has a name of its own.</source>
        <translation>每个参数都应有自己的名称。</translation>
    </message>
    <message>
        <source>{parameter} has no known type.</source>
        <translation>{parameter} 没有已知的类型。</translation>
    </message>
    <message>
        <source>Types are float, int, categorical and ordinal.</source>
        <translation>类型有 float、int、categorical 和 ordinal。</translation>
    </message>
    <message>
        <source>{parameter} is fixed at {value}, which it cannot be.</source>
        <translation>{parameter} 被固定为 {value}，但它不能取该值。</translation>
    </message>
    <message>
        <source>Fix it at one of its values.</source>
        <translation>请将其固定为可取的值之一。</translation>
    </message>
    <message>
        <source>A constraint cannot have the relation &quot;{relation}&quot;.</source>
        <translation>约束不能使用关系“{relation}”。</translation>
    </message>
    <message>
        <source>A constraint names {parameter}, which is no number here.</source>
        <translation>约束提到了 {parameter}，但它在这里不是数值。</translation>
    </message>
    <message>
        <source>Constraints add up parameters of type int and float, each times a number.</source>
        <translation>约束是 int 和 float 类型参数各乘以一个数之后的和。</translation>
    </message>
    <message>
        <source>No values fulfil the constraint {constraint}.</source>
        <translation>没有值能满足约束 {constraint}。</translation>
    </message>
    <message>
        <source>Loosen it, or widen the ranges of its parameters.</source>
        <translation>请放宽该约束，或扩大其参数的范围。</translation>
    </message>
    <message>
        <source>These values cannot be read.</source>
        <translation>无法读取这些值。</translation>
    </message>
    <message>
        <source>Write them as a JSON object: a name and a value each.</source>
        <translation>请写成 JSON 对象：每项一个名称和一个值。</translation>
    </message>
    <message>
        <source>The space has no parameter {parameter}.</source>
        <translation>搜索空间中没有参数 {parameter}。</translation>
    </message>
    <message>
        <source>Give values for its own parameters.</source>
        <translation>请为其自身的参数给出值。</translation>
    </message>
    <message>
        <source>Did you mean {near}?</source>
        <translation>您是指 {near} 吗？</translation>
    </message>
    <message>
        <source>{parameter} cannot be {value}.</source>
        <translation>{parameter} 不能为 {value}。</translation>
    </message>
    <message>
        <source>Study {study} is being worked on already.</source>
        <translation>研究 {study} 已在进行中。</translation>
    </message>
    <message>
        <source>Study {study} is {from} and cannot become {to}.</source>
        <translation>研究 {study} 的状态是 {from}，不能变为 {to}。</translation>
    </message>
    <message>
        <source>Look at the study&apos;s status and choose what it allows.</source>
        <translation>请查看研究的状态，选择其允许的操作。</translation>
    </message>
    <message>
        <source>Study {study} has been removed.</source>
        <translation>研究 {study} 已被移除。</translation>
    </message>
    <message>
        <source>Study {study} no longer belongs to this process.</source>
        <translation>研究 {study} 已不再属于此进程。</translation>
    </message>
    <message>
        <source>Study {study} is {status}: nobody works on it.</source>
        <translation>研究 {study} 的状态是 {status}：没有进程在处理它。</translation>
    </message>
    <message>
        <source>There is no study {study} in this project.</source>
        <translation>此项目中没有研究 {study}。</translation>
    </message>
    <message>
        <source>Look at the list of studies for those there are.</source>
        <translation>请在研究列表中查看现有的研究。</translation>
    </message>
    <message>
        <source>Windows overlap, so they cannot be dealt into folds.</source>
        <translation>窗口相互重叠，因此不能分成折。</translation>
    </message>
    <message>
        <source>Search without folds: the validation rows come after the training rows.</source>
        <translation>请不分折搜索：验证行在训练行之后。</translation>
    </message>
    <message>
        <source>The split keeps rows together by {column}, which folds would tear apart.</source>
        <translation>划分按 {column} 将行归在一起，分折会将其拆散。</translation>
    </message>
    <message>
        <source>Search without folds, or split by chance.</source>
        <translation>请不分折搜索，或随机划分。</translation>
    </message>
    <message>
        <source>{rows} rows are too few for {folds} folds.</source>
        <translation>{rows} 行对 {folds} 折来说太少。</translation>
    </message>
    <message>
        <source>Ask for fewer folds.</source>
        <translation>请减少折数。</translation>
    </message>
    <message>
        <source>The pruner pbt changes trainings half way, which folds are not.</source>
        <translation>剪枝器 pbt 会中途改变训练，而折不能如此。</translation>
    </message>
    <message>
        <source>Choose wilcoxon, made for folds, or another pruner.</source>
        <translation>请选择为折而设的 wilcoxon 或其他剪枝器。</translation>
    </message>
    <message>
        <source>The terminator watches one goal, not several.</source>
        <translation>终止器只监视一个目标，不能监视多个。</translation>
    </message>
    <message>
        <source>Search by one goal, or give the number of trials or the time.</source>
        <translation>请按一个目标搜索，或给出试验数或时间。</translation>
    </message>
    <message>
        <source>This engine cannot search.</source>
        <translation>此引擎不能搜索。</translation>
    </message>
    <message>
        <source>Use a version of Lathe with LibTorch.</source>
        <translation>请使用带 LibTorch 的 Lathe 版本。</translation>
    </message>
    <message>
        <source>This build has no engine that scores untrained networks.</source>
        <translation>此版本没有能为未训练的网络评分的引擎。</translation>
    </message>
    <message>
        <source>Use a build of Lathe with LibTorch.</source>
        <translation>请使用带 LibTorch 的 Lathe 版本。</translation>
    </message>
    <message>
        <source>This build has no engine that shares weights among networks.</source>
        <translation>此版本没有能在网络之间共享权重的引擎。</translation>
    </message>
    <message>
        <source>Use a build of Lathe with LibTorch, or the method evolution, random or tpe.</source>
        <translation>请使用带 LibTorch 的 Lathe 版本，或改用 evolution、random 或 tpe 方法。</translation>
    </message>
    <message>
        <source>{file} holds no shared network.</source>
        <translation>{file} 中没有共享网络。</translation>
    </message>
    <message>
        <source>Start a new search.</source>
        <translation>请开始新的搜索。</translation>
    </message>
    <message>
        <source>No architecture of the space {space} is that cheap: the smallest has {parameters} parameters and needs {flops} FLOPs a row.</source>
        <translation>空间 {space} 中没有这么省的架构：最小的有 {parameters} 个参数，每行需要 {flops} FLOPs。</translation>
    </message>
    <message>
        <source>Allow more (--max-parameters, --max-flops), or choose another space.</source>
        <translation>请放宽限制（--max-parameters、--max-flops），或选择其他空间。</translation>
    </message>
    <message>
        <source>There is no space of architectures called {name}.</source>
        <translation>没有名为 {name} 的架构空间。</translation>
    </message>
    <message>
        <source>Spaces are {names}.</source>
        <translation>可用的空间：{names}。</translation>
    </message>
    <message>
        <source>Architectures are searched for data with a target only.</source>
        <translation>只能为有目标列的数据搜索架构。</translation>
    </message>
    <message>
        <source>Search the settings of the autoencoder with lathe-cli search.</source>
        <translation>请用 lathe-cli search 搜索自编码器的设置。</translation>
    </message>
    <message>
        <source>Architectures are searched for tables, sequences and images, not for sound.</source>
        <translation>可以为表格、序列和图像搜索架构，声音不行。</translation>
    </message>
    <message>
        <source>Search the settings of a template with lathe-cli search.</source>
        <translation>请用 lathe-cli search 搜索模板的设置。</translation>
    </message>
    <message>
        <source>Cells of convolutions are for images, but this is a table.</source>
        <translation>卷积单元用于图像，而这是表格。</translation>
    </message>
    <message>
        <source>Choose the space mlp, resmlp or free.</source>
        <translation>请选择空间 mlp、resmlp 或 free。</translation>
    </message>
    <message>
        <source>The architecture has {parameters} parameters and needs {flops} FLOPs a row.</source>
        <translation>该架构有 {parameters} 个参数，每行需要 {flops} FLOPs。</translation>
    </message>
    <message>
        <source>That is beyond --max-parameters or --max-flops.</source>
        <translation>这超出了 --max-parameters 或 --max-flops。</translation>
    </message>
    <message>
        <source>One row takes {latency} ms in the exported model, more than the {limit} allowed.</source>
        <translation>导出的模型处理一行需要 {latency} 毫秒，超过允许的 {limit}。</translation>
    </message>
    <message>
        <source>Allow more (--max-latency), or choose a space of smaller architectures.</source>
        <translation>请放宽限制（--max-latency），或选择架构更小的空间。</translation>
    </message>
    <message>
        <source>Architecture search knows no {what} {given}.</source>
        <translation>架构搜索没有{what} {given}。</translation>
    </message>
    <message>
        <source>It knows {names}.</source>
        <translation>可用的有：{names}。</translation>
    </message>
    <message>
        <source>{pruner} makes settings of its own, which architectures have not.</source>
        <translation>{pruner} 会自行产生设置，而架构没有这些设置。</translation>
    </message>
    <message>
        <source>Choose asha, hyperband, median or none.</source>
        <translation>请选择 asha、hyperband、median 或 none。</translation>
    </message>
    <message>
        <source>DARTS mixes the operations of cells, not of the space {space}.</source>
        <translation>DARTS 混合的是单元中的运算，不适用于空间 {space}。</translation>
    </message>
    <message>
        <source>Use --space cells with images, or the method spos or evolution.</source>
        <translation>图像请用 --space cells，或改用 spos 或 evolution 方法。</translation>
    </message>
    <message>
        <source>None of the likeliest cells of the mixture is within the limits.</source>
        <translation>混合网络中最可能的单元都超出了限制。</translation>
    </message>
    <message>
        <source>Allow more (--max-parameters, --max-flops), or use the method evolution.</source>
        <translation>请放宽限制（--max-parameters、--max-flops），或改用 evolution 方法。</translation>
    </message>
    <message>
        <source>The time was over before the shared network was trained.</source>
        <translation>共享网络尚未训练完，时间就已用完。</translation>
    </message>
    <message>
        <source>Give more time (--timeout), or fewer --super-epochs.</source>
        <translation>请给更多时间（--timeout），或减少 --super-epochs。</translation>
    </message>
    <message>
        <source>The pruner threshold knows no bound.</source>
        <translation>剪枝器 threshold 没有界限。</translation>
    </message>
    <message>
        <source>Give the value below (--lower) or above (--upper) which a trial is hopeless.</source>
        <translation>请给出一个值，低于（--lower）或高于（--upper）它的试验没有希望。</translation>
    </message>
    <message>
        <source>{path} takes whole numbers only, so it cannot be a float.</source>
        <translation>{path} 只接受整数，因此不能是 float。</translation>
    </message>
    <message>
        <source>Make it an int, or give it a whole step.</source>
        <translation>请改为 int，或给它一个整数步长。</translation>
    </message>
    <message>
        <source>There is nothing to search: all that is usually searched is set already.</source>
        <translation>没有可搜索的内容：通常搜索的设置都已给定。</translation>
    </message>
    <message>
        <source>Leave one of these settings open, or say in a space what is searched.</source>
        <translation>请让其中一个设置保持开放，或在搜索空间中说明要搜索什么。</translation>
    </message>
    <message>
        <source>Run {run} is a trial of study {study} that was broken off.</source>
        <translation>运行 {run} 是研究 {study} 中被中断的试验。</translation>
    </message>
    <message>
        <source>Resume the study: lathe-cli study resume {study}</source>
        <translation>请继续该研究：lathe-cli study resume {study}</translation>
    </message>
    <message>
        <source>{parameter} is an int, which must lie between -{limit} and {limit}.</source>
        <translation>{parameter} 是 int，必须在 -{limit} 与 {limit} 之间。</translation>
    </message>
    <message>
        <source>Give such bounds, or make it a float.</source>
        <translation>请给出这样的界限，或改为 float。</translation>
    </message>
    <message>
        <source>Relations are &lt;=, &gt;= and ==.</source>
        <translation>关系有 &lt;=、&gt;= 和 ==。</translation>
    </message>
    <message>
        <source>{file} is not an ONNX file made by Lathe: {reason}.</source>
        <translation>{file} 不是 Lathe 生成的 ONNX 文件：{reason}。</translation>
    </message>
    <message>
        <source>Choose the .onnx file of an export, or export the run again.</source>
        <translation>请选择某次导出的 .onnx 文件，或重新导出该运行。</translation>
    </message>
    <message>
        <source>The model is larger than the 2 GB that an ONNX file can hold.</source>
        <translation>模型超过了 ONNX 文件能容纳的 2 GB。</translation>
    </message>
    <message>
        <source>Export it as TorchScript, or choose a smaller model.</source>
        <translation>请导出为 TorchScript，或选择更小的模型。</translation>
    </message>
    <message>
        <source>The ONNX file could not be made: {reason}.</source>
        <translation>无法生成 ONNX 文件：{reason}。</translation>
    </message>
    <message>
        <source>Export the run as TorchScript, and report this: Help &gt; Save a report for a bug.</source>
        <translation>请将该运行导出为 TorchScript，并报告此问题：帮助 &gt; 保存错误报告。</translation>
    </message>
    <message>
        <source>No format is chosen for the export.</source>
        <translation>没有为导出选择格式。</translation>
    </message>
    <message>
        <source>There are no rows to measure the ranges of the model&apos;s values on.</source>
        <translation>没有可用来测量模型数值范围的行。</translation>
    </message>
    <message>
        <source>Choose int8, which measures them while it predicts.</source>
        <translation>请选择 int8，它在预测时测量这些范围。</translation>
    </message>
    <message>
        <source>{file} is not a SavedModel made by Lathe: {reason}.</source>
        <translation>{file} 不是 Lathe 生成的 SavedModel：{reason}。</translation>
    </message>
    <message>
        <source>Choose the saved_model.pb of an export, or export the run again.</source>
        <translation>请选择某次导出的 saved_model.pb，或重新导出该运行。</translation>
    </message>
    <message>
        <source>The text is not C written by Lathe, or was changed: {reason}.</source>
        <translation>该文本不是 Lathe 写的 C 代码，或已被修改：{reason}。</translation>
    </message>
    <message>
        <source>Choose the .c file of an export, or export the run again.</source>
        <translation>请选择某次导出的 .c 文件，或重新导出该运行。</translation>
    </message>
    <message>
        <source>The model has {bytes} MB of numbers, too many for C source of {most} MB.</source>
        <translation>模型含有 {bytes} MB 的数值，超过 C 源代码 {most} MB 的上限。</translation>
    </message>
    <message>
        <source>Export it as ONNX or TorchScript, or choose a smaller model.</source>
        <translation>请导出为 ONNX 或 TorchScript，或选择更小的模型。</translation>
    </message>
    <message>
        <source>The layer {layer} cannot be written as C: {reason}.</source>
        <translation>层 {layer} 不能写成 C 代码：{reason}。</translation>
    </message>
    <message>
        <source>Export the run as ONNX or TorchScript, or put another layer in its place.</source>
        <translation>请将该运行导出为 ONNX 或 TorchScript，或换用其他层。</translation>
    </message>
    <message>
        <source>{file} is not C written by Lathe, or was changed: {reason}.</source>
        <translation>{file} 不是 Lathe 写的 C 代码，或已被修改：{reason}。</translation>
    </message>
    <message>
        <source>{format} is not written with ranges that were measured beforehand.</source>
        <translation>{format} 不支持预先测量的数值范围。</translation>
    </message>
    <message>
        <source>Choose onnx or triton, or int8.</source>
        <translation>请选择 onnx 或 triton，或选择 int8。</translation>
    </message>
    <message>
        <source>{format} is not written quantised.</source>
        <translation>{format} 不支持量化。</translation>
    </message>
    <message>
        <source>{file} is not as Lathe wrote it, so it is not compiled.</source>
        <translation>{file} 与 Lathe 写出的不同，因此不予编译。</translation>
    </message>
    <message>
        <source>{runtime} does not run the file: {reason}</source>
        <translation>{runtime} 无法运行该文件：{reason}</translation>
    </message>
    <message>
        <source>The model is larger than the 2 GB that a SavedModel of one file can hold.</source>
        <translation>模型超过单文件 SavedModel 的 2 GB 上限。</translation>
    </message>
    <message>
        <source>The SavedModel could not be made: {reason}.</source>
        <translation>无法生成 SavedModel：{reason}。</translation>
    </message>
    <message>
        <source>{file} is not a TorchServe archive made by Lathe: {reason}.</source>
        <translation>{file} 不是 Lathe 生成的 TorchServe 归档：{reason}。</translation>
    </message>
    <message>
        <source>Choose the .mar file of an export, or export the run again.</source>
        <translation>请选择某次导出的 .mar 文件，或重新导出该运行。</translation>
    </message>
    <message>
        <source>The archive cannot be lent to {host} over HTTP.</source>
        <translation>无法通过 HTTP 把归档借给 {host}。</translation>
    </message>
    <message>
        <source>Give the server&apos;s model store with --model-store.</source>
        <translation>请用 --model-store 指定服务器的模型库。</translation>
    </message>
    <message>
        <source>The server answers differently from the trained model: the largest difference on {rows} rows is {difference}; row {row} gives {found} instead of {wanted}.</source>
        <translation>服务器的回答与训练好的模型不同：{rows} 行中的最大差异为 {difference}；第 {row} 行得到 {found}，而应为 {wanted}。</translation>
    </message>
    <message>
        <source>Check that the server runs this export and nothing changes its inputs.</source>
        <translation>请检查服务器运行的是此导出，且没有任何环节改动其输入。</translation>
    </message>
    <message>
        <source>The export {name} holds no {format} file.</source>
        <translation>导出 {name} 中没有 {format} 文件。</translation>
    </message>
    <message>
        <source>Export the run again with --format {format}.</source>
        <translation>请用 --format {format} 重新导出该运行。</translation>
    </message>
    <message>
        <source>The export {name} brings no reference rows to compare.</source>
        <translation>导出 {name} 没有可供比较的参考行。</translation>
    </message>
    <message>
        <source>{server} gave an answer that cannot be read: {reason}.</source>
        <translation>{server} 的回答无法读取：{reason}。</translation>
    </message>
    <message>
        <source>Check that the address is that of the protocol that was chosen.</source>
        <translation>请检查该地址是否属于所选的协议。</translation>
    </message>
    <message>
        <source>The deployment was cancelled.</source>
        <translation>部署已取消。</translation>
    </message>
    <message>
        <source>{folder} holds a version {version} already.</source>
        <translation>{folder} 中已有版本 {version}。</translation>
    </message>
    <message>
        <source>Choose another version, or leave it out to get the next one.</source>
        <translation>请选择其他版本，或省略以使用下一个版本。</translation>
    </message>
    <message>
        <source>Version {version} of {name} is not served after {seconds} seconds: {state}.</source>
        <translation>{seconds} 秒后 {name} 的版本 {version} 仍未提供服务：{state}。</translation>
    </message>
    <message>
        <source>Check that the server watches this model store; its log says more.</source>
        <translation>请检查服务器是否监视此模型库；其日志中有更多信息。</translation>
    </message>
    <message>
        <source>{target} reads models from a folder, and none is named.</source>
        <translation>{target} 从文件夹读取模型，但没有指定文件夹。</translation>
    </message>
    <message>
        <source>&quot;{version}&quot; is no version: this server counts 1, 2, 3.</source>
        <translation>“{version}”不是版本号：此服务器按 1、2、3 计数。</translation>
    </message>
    <message>
        <source>Give a whole number, or leave the version out to get the next one.</source>
        <translation>请给出整数，或省略版本以使用下一个。</translation>
    </message>
    <message>
        <source>No worker of {name} is ready after {seconds} seconds.</source>
        <translation>{seconds} 秒后 {name} 仍没有就绪的工作进程。</translation>
    </message>
    <message>
        <source>The server&apos;s log says why.</source>
        <translation>原因见服务器日志。</translation>
    </message>
    <message>
        <source>This program has no server of its own.</source>
        <translation>此程序没有自带的服务器。</translation>
    </message>
    <message>
        <source>Models of this task cannot be compared row by row.</source>
        <translation>此任务的模型不能逐行比较。</translation>
    </message>
    <message>
        <source>Deploy without labelled rows.</source>
        <translation>请在没有带标签行的情况下部署。</translation>
    </message>
    <message>
        <source>A row takes {latency} ms there, {limit} ms are allowed.</source>
        <translation>在那里一行需要 {latency} 毫秒，允许的是 {limit} 毫秒。</translation>
    </message>
    <message>
        <source>Allow more time, or deploy a smaller model.</source>
        <translation>请放宽时间，或部署更小的模型。</translation>
    </message>
    <message>
        <source>The model is worse than the one that is served: {told}.</source>
        <translation>该模型比正在提供服务的模型差：{told}。</translation>
    </message>
    <message>
        <source>The version that was served stays.</source>
        <translation>原来提供服务的版本保持不变。</translation>
    </message>
    <message>
        <source>{file} does not predict the same as the trained model: the largest difference on {rows} rows is {difference}, {limit} is allowed, and {classes} rows get another class. Nothing was exported; the rows are kept in {kept}.</source>
        <translation>{file} 的预测与训练好的模型不同：{rows} 行中的最大差异为 {difference}，允许 {limit}，且有 {classes} 行得到另一类别。没有导出任何文件；这些行保存在 {kept}。</translation>
    </message>
    <message>
        <source>There is no precision {precision}.</source>
        <translation>没有精度 {precision}。</translation>
    </message>
    <message>
        <source>{address} does not answer: {reason}.</source>
        <translation>{address} 没有回应：{reason}。</translation>
    </message>
    <message>
        <source>Check that the server runs and that the address is right.</source>
        <translation>请检查服务器是否在运行、地址是否正确。</translation>
    </message>
    <message>
        <source>{server} refused with status {status}: {said}.</source>
        <translation>{server} 以状态 {status} 拒绝：{said}。</translation>
    </message>
    <message>
        <source>The server&apos;s log says more.</source>
        <translation>服务器日志中有更多信息。</translation>
    </message>
    <message>
        <source>&quot;{address}&quot; is not the address of a server.</source>
        <translation>“{address}”不是服务器地址。</translation>
    </message>
    <message>
        <source>Give it as HOST:PORT or http://HOST:PORT.</source>
        <translation>请写成 HOST:PORT 或 http://HOST:PORT。</translation>
    </message>
    <message>
        <source>The token holds a line break.</source>
        <translation>令牌中含有换行。</translation>
    </message>
    <message>
        <source>Give the token alone.</source>
        <translation>请只给出令牌本身。</translation>
    </message>
    <message>
        <source>The input {input} takes rows of the shape {wanted}, not {given}.</source>
        <translation>输入 {input} 接受形状为 {wanted} 的行，而不是 {given}。</translation>
    </message>
    <message>
        <source>Give a file with just the model&apos;s columns, or pictures of its size.</source>
        <translation>请提供只含模型各列的文件，或符合其尺寸的图片。</translation>
    </message>
    <message>
        <source>&quot;{value}&quot; in the column {column} is no number.</source>
        <translation>列 {column} 中的“{value}”不是数字。</translation>
    </message>
    <message>
        <source>Ask for a signature that takes columns by name, or give codes.</source>
        <translation>请使用按列名接收的签名，或给出编码。</translation>
    </message>
    <message>
        <source>The file has no column {column}, which the model wants.</source>
        <translation>文件中没有模型需要的列 {column}。</translation>
    </message>
    <message>
        <source>Add the column.</source>
        <translation>请添加该列。</translation>
    </message>
    <message>
        <source>The model takes {count} inputs, and the file has no columns with names.</source>
        <translation>模型有 {count} 个输入，而文件没有列名。</translation>
    </message>
    <message>
        <source>Give a table with a line of names.</source>
        <translation>请提供带列名行的表格。</translation>
    </message>
    <message>
        <source>The model {model} has no signature {signature}.</source>
        <translation>模型 {model} 没有签名 {signature}。</translation>
    </message>
    <message>
        <source>If the server wants a token, give it with --token.</source>
        <translation>如果服务器需要令牌，请用 --token 给出。</translation>
    </message>
    <message>
        <source>{server} says that it is {status}.</source>
        <translation>{server} 报告其状态为 {status}。</translation>
    </message>
    <message>
        <source>Look at the server&apos;s log.</source>
        <translation>请查看服务器日志。</translation>
    </message>
    <message>
        <source>{host} is no address to listen on.</source>
        <translation>{host} 不是可监听的地址。</translation>
    </message>
    <message>
        <source>Give an IP address of this machine: 127.0.0.1, or 0.0.0.0 for all.</source>
        <translation>请给出本机的 IP 地址：127.0.0.1，或用 0.0.0.0 表示全部。</translation>
    </message>
    <message>
        <source>Port {port} on {host} is in use by another program.</source>
        <translation>{host} 的端口 {port} 正被其他程序使用。</translation>
    </message>
    <message>
        <source>End that program, or choose another port; 0 picks a free one.</source>
        <translation>请结束该程序，或选择其他端口；0 表示自动选取。</translation>
    </message>
    <message>
        <source>{host}:{port} cannot be listened on: {reason}.</source>
        <translation>无法监听 {host}:{port}：{reason}。</translation>
    </message>
    <message>
        <source>Choose an address of this machine and a port above 1023.</source>
        <translation>请选择本机地址和大于 1023 的端口。</translation>
    </message>
    <message>
        <source>{file} cannot be loaded: {reason}.</source>
        <translation>无法加载 {file}：{reason}。</translation>
    </message>
    <message>
        <source>A server that others can reach on {host} needs its token.</source>
        <translation>他人可通过 {host} 访问的服务器必须使用令牌。</translation>
    </message>
    <message>
        <source>Leave --no-token out, or bind to 127.0.0.1.</source>
        <translation>请去掉 --no-token，或绑定到 127.0.0.1。</translation>
    </message>
    <message>
        <source>Choose onnx, torchscript, torchserve, savedmodel or triton.</source>
        <translation>请选择 onnx、torchscript、torchserve、savedmodel 或 triton。</translation>
    </message>
    <message>
        <source>No model that was tried is within the limit as {files}.</source>
        <translation>作为 {files}，所试的模型没有一个在限制之内。</translation>
    </message>
    <message>
        <source>Allow more time or size for a prediction, or leave this format out.</source>
        <translation>请放宽预测时间或大小的限制，或不用此格式。</translation>
    </message>
    <message>
        <source>This program cannot train.</source>
        <translation>此程序不能训练。</translation>
    </message>
    <message>
        <source>This server keeps no summary of the inputs it saw.</source>
        <translation>此服务器不保存所见输入的摘要。</translation>
    </message>
    <message>
        <source>Serve the model by Lathe&apos;s own server to watch its inputs.</source>
        <translation>若要观察输入，请用 Lathe 自带的服务器提供该模型。</translation>
    </message>
    <message>
        <source>{file} leaves no labelled row on which both models can be compared.</source>
        <translation>{file} 中没有可用来比较两个模型的带标签行。</translation>
    </message>
    <message>
        <source>Give a file with more labelled rows.</source>
        <translation>请提供带标签行更多的文件。</translation>
    </message>
    <message>
        <source>The training was cancelled.</source>
        <translation>训练已取消。</translation>
    </message>
    <message>
        <source>Run {run}, which trained on the new data, is {status}.</source>
        <translation>在新数据上训练的运行 {run} 处于 {status} 状态。</translation>
    </message>
    <message>
        <source>The version that is served stays. Resume the run, or retrain again.</source>
        <translation>正在服务的版本保持不变。请恢复该运行，或重新训练。</translation>
    </message>
    <message>
        <source>The new data have other classes than the model that is served: {classes}.</source>
        <translation>新数据的类别与正在服务的模型不同：{classes}。</translation>
    </message>
    <message>
        <source>Deploy the new run as a model of its own if that is meant.</source>
        <translation>若确实如此，请将新运行作为单独的模型部署。</translation>
    </message>
    <message>
        <source>Version {version} is not the one that answers any more; version {now} is.</source>
        <translation>作答的已不再是版本 {version}，而是版本 {now}。</translation>
    </message>
    <message>
        <source>Nothing was changed in the server.</source>
        <translation>服务器未作任何改动。</translation>
    </message>
    <message>
        <source>The server&apos;s folder of models is not known.</source>
        <translation>不知道服务器的模型文件夹。</translation>
    </message>
    <message>
        <source>Make the version before the one that is served again there yourself.</source>
        <translation>请自行在那里把先前的版本恢复为正在服务的版本。</translation>
    </message>
    <message>
        <source>No version was served before, so none can answer again.</source>
        <translation>此前没有提供过其他版本，因此无法恢复。</translation>
    </message>
    <message>
        <source>Deploy another run, or take the model out of the server.</source>
        <translation>请部署另一个运行，或将模型从服务器中移除。</translation>
    </message>
    <message>
        <source>{file} is no picture that can be read.</source>
        <translation>{file} 不是可以读取的图片。</translation>
    </message>
    <message>
        <source>Give a PNG, JPEG, BMP or WebP file.</source>
        <translation>请提供 PNG、JPEG、BMP 或 WebP 文件。</translation>
    </message>
    <message>
        <source>&quot;{url}&quot; is not the beginning of a model&apos;s URL.</source>
        <translation>“{url}”不是模型 URL 的开头。</translation>
    </message>
    <message>
        <source>Give it as https://HOST/FOLDER/ or http://HOST:PORT/FOLDER/.</source>
        <translation>请写成 https://HOST/FOLDER/ 或 http://HOST:PORT/FOLDER/。</translation>
    </message>
    <message>
        <source>{url} could not be downloaded: {reason}.</source>
        <translation>无法下载 {url}：{reason}。</translation>
    </message>
    <message>
        <source>Check the address, and the server that it names.</source>
        <translation>请检查地址及其指向的服务器。</translation>
    </message>
    <message>
        <source>{host} is at {address}, which is not an address of the internet.</source>
        <translation>{host} 位于 {address}，这不是互联网地址。</translation>
    </message>
    <message>
        <source>Allow that address itself, with --allow-url, if it is meant.</source>
        <translation>若确实如此，请用 --allow-url 允许该地址本身。</translation>
    </message>
    <message>
        <source>Given URL {url} does not match any allowed URL(s).</source>
        <translation>给定的 URL {url} 与任何允许的 URL 都不匹配。</translation>
    </message>
    <message>
        <source>Allow it with --allow-url when the server is started, if it is meant.</source>
        <translation>若确实如此，请在启动服务器时用 --allow-url 允许它。</translation>
    </message>
    <message>
        <source>Give it more time, or go on with it.</source>
        <translation>给它更多时间，或继续运行。</translation>
    </message>
    <message>
        <source>It can be gone on with.</source>
        <translation>可以从停止处继续。</translation>
    </message>
    <message>
        <source>An Autopilot is under way.</source>
        <translation>已有一个 Autopilot 正在运行。</translation>
    </message>
    <message>
        <source>Wait for it, or stop it and keep the best.</source>
        <translation>请等它结束，或停止它并保留最佳模型。</translation>
    </message>
    <message>
        <source>This engine has no Autopilot.</source>
        <translation>此引擎不提供 Autopilot。</translation>
    </message>
    <message>
        <source>Choose what to predict.</source>
        <translation>请选择要预测的列。</translation>
    </message>
    <message>
        <source>Another model is being deployed.</source>
        <translation>另一个模型正在部署。</translation>
    </message>
    <message>
        <source>Deploy this one on the Deploy page afterwards.</source>
        <translation>请稍后在“部署”页部署此模型。</translation>
    </message>
    <message>
        <source>Exports that are no TorchScript are checked by Lathe alone.</source>
        <translation>TorchScript 以外的导出只由 Lathe 自身检查。</translation>
    </message>
    <message>
        <source>Exports are also checked by {runtimes}.</source>
        <translation>导出还由 {runtimes} 检查。</translation>
    </message>
    <message>
        <source>For more of them let these variables name the files: {missing}.</source>
        <translation>若要更多检查，请让这些变量指向相应文件：{missing}。</translation>
    </message>
</context>
<context>
    <name>events</name>
    <message>
        <source>Choosing what to try next</source>
        <translation>正在选择接下来尝试什么</translation>
    </message>
    <message>
        <source>Training {model}</source>
        <translation>正在训练 {model}</translation>
    </message>
    <message>
        <source>Reading {file}</source>
        <translation>正在读取 {file}</translation>
    </message>
    <message>
        <source>Joining the best models</source>
        <translation>正在合并最佳模型</translation>
    </message>
    <message>
        <source>Scoring the test rows</source>
        <translation>正在测试行上评分</translation>
    </message>
    <message>
        <source>Exporting and checking</source>
        <translation>正在导出并核对</translation>
    </message>
    <message>
        <source>Writing the report</source>
        <translation>正在撰写报告</translation>
    </message>
    <message>
        <source>Best so far: {metric} {value} in epoch {epoch}.</source>
        <translation>目前最佳：第 {epoch} 轮的 {metric} 为 {value}。</translation>
    </message>
    <message>
        <source>Learning rate lowered to {lr} after epoch {epoch}.</source>
        <translation>第 {epoch} 轮后学习率降为 {lr}。</translation>
    </message>
    <message>
        <source>Stopped early after epoch {epoch}: no better {metric} for {patience} epochs.</source>
        <translation>第 {epoch} 轮后提前停止：{metric} 已有 {patience} 轮没有改善。</translation>
    </message>
    <message>
        <source>Exported {name} to {folder}: the largest difference on {rows} rows is {difference}.</source>
        <translation>已将 {name} 导出到 {folder}：{rows} 行上的最大差异为 {difference}。</translation>
    </message>
    <message>
        <source>The model is {template}, the usual start for such data.</source>
        <translation>模型为 {template}，这类数据通常由此开始。</translation>
    </message>
    <message>
        <source>Rows of one group stay together in the split.</source>
        <translation>划分时同一组的行保持在一起。</translation>
    </message>
    <message>
        <source>The split follows time: later rows validate and test.</source>
        <translation>按时间划分：较晚的行用于验证和测试。</translation>
    </message>
    <message>
        <source>The split keeps the share of each class.</source>
        <translation>划分保持各类别的比例。</translation>
    </message>
    <message>
        <source>The split is random.</source>
        <translation>划分是随机的。</translation>
    </message>
    <message>
        <source>The loss is {loss}, the usual one for {task}.</source>
        <translation>损失为 {loss}，{task}通常使用它。</translation>
    </message>
    <message>
        <source>There are no validation rows, so the training loss picks the best epoch.</source>
        <translation>没有验证行，因此由训练损失选择最佳轮。</translation>
    </message>
    <message>
        <source>It trains on the processor: so small a model gains nothing on {gpu}.</source>
        <translation>在处理器上训练：这么小的模型在 {gpu} 上没有好处。</translation>
    </message>
    <message>
        <source>It trains on {gpu}.</source>
        <translation>在 {gpu} 上训练。</translation>
    </message>
    <message>
        <source>The last column, {column}, is taken as the target.</source>
        <translation>最后一列 {column} 被作为目标。</translation>
    </message>
    <message>
        <source>{target} holds {count} classes, so this is a classification.</source>
        <translation>{target} 有 {count} 个类别，因此是分类。</translation>
    </message>
    <message>
        <source>{target} holds numbers, so this is a regression.</source>
        <translation>{target} 是数值，因此是回归。</translation>
    </message>
    <message>
        <source>Batches of {size}, for {rows} training rows.</source>
        <translation>每批 {size} 行，共 {rows} 行训练数据。</translation>
    </message>
    <message>
        <source>One thread: a step costs {megaflops} MFLOP, too little to share.</source>
        <translation>一个线程：每步 {megaflops} MFLOP，不值得分摊。</translation>
    </message>
    <message>
        <source>{threads} threads: a step costs {megaflops} MFLOP, which is worth sharing.</source>
        <translation>{threads} 个线程：每步 {megaflops} MFLOP，值得分摊。</translation>
    </message>
    <message>
        <source>Completed.</source>
        <translation>已完成。</translation>
    </message>
    <message>
        <source>Paused at step {step}.</source>
        <translation>在第 {step} 步暂停。</translation>
    </message>
    <message>
        <source>Cancelled at step {step}.</source>
        <translation>在第 {step} 步取消。</translation>
    </message>
    <message>
        <source>Failed at step {step}: {reason}</source>
        <translation>在第 {step} 步失败：{reason}</translation>
    </message>
    <message>
        <source>Resumed.</source>
        <translation>已继续。</translation>
    </message>
    <message>
        <source>Scored on {rows} test rows with the best checkpoint: look number {looks}.</source>
        <translation>用最佳检查点在 {rows} 行测试数据上评分：第 {looks} 次查看。</translation>
    </message>
    <message>
        <source>Started.</source>
        <translation>已开始。</translation>
    </message>
    <message>
        <source>{file} is gone. The training goes on from memory; bring the file back before you resume or export.</source>
        <translation>{file} 不见了。训练会用内存中的数据继续；继续或导出之前请恢复该文件。</translation>
    </message>
    <message>
        <source>The gradients became NaN or infinite at step {step}. Went back to the weights of step {good}, learning rate halved to {lr}.</source>
        <translation>梯度在第 {step} 步变为 NaN 或无穷大。已回到第 {good} 步的权重，学习率减半为 {lr}。</translation>
    </message>
    <message>
        <source>The loss jumped far above what it was at step {step}. Went back to the weights of step {good}, learning rate halved to {lr}.</source>
        <translation>损失在第 {step} 步远远跳到原来之上。已回到第 {good} 步的权重，学习率减半为 {lr}。</translation>
    </message>
    <message>
        <source>The loss became NaN or infinite at step {step}. Went back to the weights of step {good}, learning rate halved to {lr}.</source>
        <translation>损失在第 {step} 步变为 NaN 或无穷。已回到第 {good} 步的权重，学习率减半为 {lr}。</translation>
    </message>
    <message>
        <source>Trained by the fused executor ({description}).</source>
        <translation>由融合执行器训练（{description}）。</translation>
    </message>
    <message>
        <source>Images are not augmented: moving them could change the numbers to predict.</source>
        <translation>不对图像做增强：移动图像可能改变要预测的数值。</translation>
    </message>
    <message>
        <source>Images are shifted and mirrored: mirrored ones keep their class.</source>
        <translation>图像会被平移和镜像：镜像后的图像类别不变。</translation>
    </message>
    <message>
        <source>Images are shifted, turned and zoomed a little, not mirrored: that confuses the classes.</source>
        <translation>图像会略微平移、旋转和缩放，但不镜像：镜像会混淆类别。</translation>
    </message>
    <message>
        <source>Images are shifted, turned and zoomed a little, not mirrored: whether that is harmless does not show.</source>
        <translation>图像会略微平移、旋转和缩放，但不镜像：无法判断镜像是否无害。</translation>
    </message>
    <message>
        <source>{target} hold numbers, so this is a regression of all of them.</source>
        <translation>{target} 都是数，所以这是对它们一起的回归。</translation>
    </message>
    <message>
        <source>{target} hold yes and no, so this is a multilabel task.</source>
        <translation>{target} 都是“是”和“否”，所以这是多标签任务。</translation>
    </message>
    <message>
        <source>The usual training of {template}: {optimizer} at {lr}, schedule {schedule}.</source>
        <translation>{template} 的惯用训练设置：{optimizer}，学习率 {lr}，调度 {schedule}。</translation>
    </message>
    <message>
        <source>A step averages the gradients of {count} batches of {size}, as if the batch had {rows} rows.</source>
        <translation>每一步平均 {count} 个大小为 {size} 的批的梯度，相当于一批有 {rows} 行。</translation>
    </message>
    <message>
        <source>From epoch {epoch} on all layers learn.</source>
        <translation>从第 {epoch} 轮起所有层都参与学习。</translation>
    </message>
    <message>
        <source>{epochs} epochs: twice as many gain less than 0.5 % of {metric}, or are not allowed.</source>
        <translation>{epochs} 轮：再多一倍，{metric} 的改善不足 0.5 %，或不被允许。</translation>
    </message>
    <message>
        <source>{optimizer} with learning rate {lr}, the usual ones: the training is too short to try.</source>
        <translation>{optimizer}，学习率 {lr}，均为惯用值：训练太短，无法试验。</translation>
    </message>
    <message>
        <source>{chosen} is the best of {count} settings in {trainings} short trainings ({metric} {value}; next {second} with {secondValue}); choosing took {seconds} s.</source>
        <translation>{chosen} 在 {trainings} 次短训练中是 {count} 组设置里最好的（{metric} {value}；其次 {second}，{secondValue}）；选择用时 {seconds} 秒。</translation>
    </message>
    <message>
        <source>{chosen} is the best of {count} settings in {trainings} short trainings ({metric} {value}); choosing took {seconds} s.</source>
        <translation>{chosen} 在 {trainings} 次短训练中是 {count} 组设置里最好的（{metric} {value}）；选择用时 {seconds} 秒。</translation>
    </message>
    <message>
        <source>Batches of {size}, as measured: {speed} rows a second; no size does more than {fastest}.</source>
        <translation>批次 {size} 行，由测量得出：每秒 {speed} 行；任何大小都不超过 {fastest}。</translation>
    </message>
    <message>
        <source>Validation: rmse {model}; repeating the last value has {naive}.</source>
        <translation>验证：rmse 为 {model}；重复最后一个值为 {naive}。</translation>
    </message>
    <message>
        <source>Test: rmse {model}; repeating the last value has {naive}.</source>
        <translation>测试：rmse 为 {model}；重复最后一个值为 {naive}。</translation>
    </message>
    <message>
        <source>An autoencoder searches for anomalies, so that is the task.</source>
        <translation>自编码器用于查找异常，因此任务就是异常检测。</translation>
    </message>
    <message>
        <source>Categories are embedded, so that each column is one token of the transformer.</source>
        <translation>类别使用嵌入，这样每一列都是 Transformer 的一个词元。</translation>
    </message>
    <message>
        <source>Each number is cut into up to {count} bins for its embedding.</source>
        <translation>每个数值列最多分成 {count} 个箱用于嵌入。</translation>
    </message>
    <message>
        <source>No bins for {columns}: fewer than two different values in the training rows, so the embedding takes the number itself.</source>
        <translation>{columns} 没有分箱：训练行中不同的值少于两个，因此嵌入直接使用数值本身。</translation>
    </message>
    <message>
        <source>Windows are split in time: validation and test come after training, and no window reaches into another part. A random split would look ahead.</source>
        <translation>窗口按时间划分：验证和测试在训练之后，没有窗口伸入另一部分。随机划分会看到未来。</translation>
    </message>
    <message>
        <source>There is a horizon, so this is a forecast of {target}.</source>
        <translation>设置了预测步数，因此这是对 {target} 的未来预测。</translation>
    </message>
    <message>
        <source>{target} only scores the result; {rare} is taken as the anomaly, since it is rarer than {usual}.</source>
        <translation>{target} 只用于给结果评分；{rare} 比 {usual} 少见，因此被视为异常。</translation>
    </message>
    <message>
        <source>The optimiser is adamw, since the learning rate is given.</source>
        <translation>优化器为 adamw，因为学习率已给定。</translation>
    </message>
    <message>
        <source>The forecast goes one row ahead, since no horizon is set.</source>
        <translation>没有设置预测步数，因此预测下一行。</translation>
    </message>
    <message>
        <source>Rows follow each other as in the file: no column tells their time.</source>
        <translation>各行按文件中的顺序排列：没有列表示时间。</translation>
    </message>
    <message>
        <source>Rows are in the order of {column}.</source>
        <translation>各行按 {column} 的顺序排列。</translation>
    </message>
    <message>
        <source>{epochs} epochs, as is usual for {template} on {rows} training rows.</source>
        <translation>{epochs} 轮，这是 {template} 在 {rows} 个训练行上的惯用值。</translation>
    </message>
    <message>
        <source>{loaded} of the model&apos;s {all} tensors start from {file} ({format}, SHA-256 {hash}).</source>
        <translation>模型的 {all} 个张量中有 {loaded} 个从 {file} 开始（{format}，SHA-256 {hash}）。</translation>
    </message>
    <message>
        <source>Starting fresh, since the file has them in another shape: {names}.</source>
        <translation>文件中的形状不同，因此重新初始化：{names}。</translation>
    </message>
    <message>
        <source>Starting fresh, since the file does not have them: {names}.</source>
        <translation>文件中没有，因此重新初始化：{names}。</translation>
    </message>
    <message>
        <source>In the file, but not used by this model: {names}.</source>
        <translation>文件中有，但此模型未使用：{names}。</translation>
    </message>
    <message>
        <source>Images are scaled as ImageNet&apos;s, which ready weights of {template} were made with.</source>
        <translation>图像按 ImageNet 的方式缩放，{template} 的现成权重就是这样训练的。</translation>
    </message>
    <message>
        <source>Choosing the batch size: {done} sizes measured.</source>
        <translation>正在选择批大小：已测量 {done} 个大小。</translation>
    </message>
    <message>
        <source>Choosing the number of epochs: {done} short trainings so far.</source>
        <translation>正在选择轮数：已完成 {done} 次短训练。</translation>
    </message>
    <message>
        <source>Choosing optimiser and learning rate: {done} of {total} short trainings.</source>
        <translation>正在选择优化器和学习率：短训练 {done}/{total}。</translation>
    </message>
    <message>
        <source>Choosing the learning rate of {optimizer}: {done} of {total} short trainings.</source>
        <translation>正在选择 {optimizer} 的学习率：短训练 {done}/{total}。</translation>
    </message>
    <message>
        <source>Batches of {setting}: {value} rows a second.</source>
        <translation>批大小 {setting}：每秒 {value} 行。</translation>
    </message>
    <message>
        <source>Tried {setting}: the training diverged.</source>
        <translation>已尝试 {setting}：训练发散。</translation>
    </message>
    <message>
        <source>Tried {setting} epochs: {metric} {value}.</source>
        <translation>已尝试 {setting} 轮：{metric} {value}。</translation>
    </message>
    <message>
        <source>Tried {setting}: {metric} {value}.</source>
        <translation>已尝试 {setting}：{metric} {value}。</translation>
    </message>
    <message>
        <source>Chosen: {setting}.</source>
        <translation>已选择：{setting}。</translation>
    </message>
    <message>
        <source>Chosen: batches of {setting}.</source>
        <translation>已选择：批大小 {setting}。</translation>
    </message>
    <message>
        <source>Chosen: {setting} epochs.</source>
        <translation>已选择：{setting} 轮。</translation>
    </message>
    <message>
        <source>The learning rate {lr} was found by a range test on {date}.</source>
        <translation>学习率 {lr} 由 {date} 的范围测试找到。</translation>
    </message>
    <message>
        <source>The text of {columns} is read as up to {codes} codes a row out of {buckets}, {size} MB in memory.</source>
        <translation>{columns} 的文本每行读成最多 {codes} 个编码（共 {buckets} 种），占内存 {size} MB。</translation>
    </message>
    <message>
        <source>Products are computed in bfloat16, which this card is fast at.</source>
        <translation>乘积用 bfloat16 计算，这块显卡算它很快。</translation>
    </message>
    <message>
        <source>Every clip is brought to {rate} Hz and {seconds} s, which suits most of them.</source>
        <translation>每段音频统一为 {rate} Hz、{seconds} 秒，适合其中大多数。</translation>
    </message>
    <message>
        <source>Learning rate {lr}: the best of a third, one and three times the usual {usual} ({metric} {value}, with the usual one {usualValue}).</source>
        <translation>学习率 {lr}：在惯用值 {usual} 的三分之一、一倍和三倍中最好（{metric} {value}，惯用值为 {usualValue}）。</translation>
    </message>
    <message>
        <source>{epochs} epochs: of the lengths that were tried the one with the best {metric}, {value}.</source>
        <translation>{epochs} 个轮次：在试过的长度中 {metric} 最好，为 {value}。</translation>
    </message>
    <message>
        <source>Trained by LibTorch, which needs less memory for batches of so large values.</source>
        <translation>由 LibTorch 训练：对于数值如此庞大的批次，它需要的内存更少。</translation>
    </message>
    <message>
        <source>Trained by LibTorch, since the fused executor does not know {layer}.</source>
        <translation>由 LibTorch 训练，因为融合执行器不认识 {layer}。</translation>
    </message>
    <message>
        <source>Batches of {size}: more do not fit into the memory that is free.</source>
        <translation>批大小为 {size}：更大的批放不进可用内存。</translation>
    </message>
    <message>
        <source>It takes about {megabytes} MB of memory beyond the data.</source>
        <translation>除数据外约需 {megabytes} MB 内存。</translation>
    </message>
    <message>
        <source>Categories with at most {limit} values get an input for each of them; larger ones are embedded: {columns}.</source>
        <translation>取值不超过 {limit} 个的类别列为每个取值设一个输入；更多取值的列使用嵌入：{columns}。</translation>
    </message>
    <message>
        <source>Categories are embedded, since each has more than {limit} values.</source>
        <translation>类别列使用嵌入，因为每列的取值都超过 {limit} 个。</translation>
    </message>
    <message>
        <source>Categories get an input for each value, since none has more than {limit}.</source>
        <translation>类别列为每个取值设一个输入，因为没有一列的取值超过 {limit} 个。</translation>
    </message>
    <message>
        <source>add a shortcut of {after} to {where}</source>
        <translation>为 {where} 添加 {after} 的捷径连接</translation>
    </message>
    <message>
        <source>remove the shortcut of {where}</source>
        <translation>移除 {where} 的捷径连接</translation>
    </message>
    <message>
        <source>{gene} {before} to {after}</source>
        <translation>{gene} 由 {before} 改为 {after}</translation>
    </message>
    <message>
        <source>{gene} of {where} {before} to {after}</source>
        <translation>{where} 的 {gene} 由 {before} 改为 {after}</translation>
    </message>
    <message>
        <source>deepen: node {node} ({what}) once more</source>
        <translation>加深：再加一次节点 {node}（{what}）</translation>
    </message>
    <message>
        <source>insert node {node} ({what})</source>
        <translation>插入节点 {node}（{what}）</translation>
    </message>
    <message>
        <source>remove node {node} ({what})</source>
        <translation>移除节点 {node}（{what}）</translation>
    </message>
    <message>
        <source>The shared network has trained {epoch} of {epochs} epochs, loss {loss}.</source>
        <translation>共享网络已训练 {epoch}/{epochs} 轮，损失 {loss}。</translation>
    </message>
    <message>
        <source>Training {model} again on all rows but the test rows</source>
        <translation>正在用测试行以外的全部行重新训练 {model}</translation>
    </message>
    <message>
        <source>Run {run} is served as version {version} instead of version {previous}: {measure} {challenger} against {champion} on {rows} rows.</source>
        <translation>运行 {run} 作为版本 {version} 取代版本 {previous} 提供服务：在 {rows} 行上 {measure} 为 {challenger}，此前为 {champion}。</translation>
    </message>
    <message>
        <source>Run {run} is served as version {version} instead of version {previous}.</source>
        <translation>运行 {run} 作为版本 {version} 取代版本 {previous} 提供服务。</translation>
    </message>
    <message>
        <source>Run {run} is served as version {version}.</source>
        <translation>运行 {run} 作为版本 {version} 提供服务。</translation>
    </message>
    <message>
        <source>Trained again on {file} as run {run}.</source>
        <translation>已在 {file} 上重新训练，运行号 {run}。</translation>
    </message>
    <message>
        <source>Trained again on {file} as run {run}, which is not served: {reason}</source>
        <translation>已在 {file} 上重新训练，运行号 {run}，但未提供服务：{reason}</translation>
    </message>
    <message>
        <source>{word} is now {now} of {column}, in training it was {then}.</source>
        <translation>{word} 现占 {column} 的 {now}，训练时为 {then}。</translation>
    </message>
    <message>
        <source>{column} is spread differently than in training.</source>
        <translation>{column} 的分布与训练时不同。</translation>
    </message>
    <message>
        <source>{column} lies later than in training.</source>
        <translation>{column} 比训练时更晚。</translation>
    </message>
    <message>
        <source>{column} lies earlier than in training.</source>
        <translation>{column} 比训练时更早。</translation>
    </message>
    <message>
        <source>{column} is higher than in training: {now} on average instead of {then}.</source>
        <translation>{column} 比训练时高：平均为 {now}，此前为 {then}。</translation>
    </message>
    <message>
        <source>{column} is lower than in training: {now} on average instead of {then}.</source>
        <translation>{column} 比训练时低：平均为 {now}，此前为 {then}。</translation>
    </message>
    <message>
        <source>{column} is as in training.</source>
        <translation>{column} 与训练时一致。</translation>
    </message>
    <message>
        <source>{column} has values that training never saw, in {unseen} of the rows.</source>
        <translation>{column} 在 {unseen} 的行中出现训练时从未见过的值。</translation>
    </message>
    <message>
        <source>{column} is missing in {now} of the rows, in training in {then}.</source>
        <translation>{column} 在 {now} 的行中缺失，训练时为 {then}。</translation>
    </message>
    <message>
        <source>Rolled back: version {previous} answers again instead of version {version}.</source>
        <translation>已回滚：版本 {previous} 重新作答，取代版本 {version}。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ArchitecturePanel</name>
    <message>
        <source>Make it the experiment</source>
        <translation>设为实验</translation>
    </message>
    <message>
        <source>Writes these layers and the training settings into the experiment; Undo brings the old ones back</source>
        <translation>将这些层和训练设置写入实验；撤销可恢复原状</translation>
    </message>
    <message>
        <source>Network of the trial</source>
        <translation>试验的网络</translation>
    </message>
    <message>
        <source>The network of the best trial, or of the one that you choose.</source>
        <translation>最佳试验或所选试验的网络。</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>架构</translation>
    </message>
    <message>
        <source>the winner</source>
        <translation>胜者</translation>
    </message>
    <message>
        <source>the best so far</source>
        <translation>目前最佳</translation>
    </message>
    <message>
        <source>Trial %1</source>
        <translation>试验 %1</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>FLOPs of one row</source>
        <translation>单行 FLOPs</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层数</translation>
    </message>
    <message>
        <source>Changed from trial %1</source>
        <translation>相对试验 %1 的改变</translation>
    </message>
    <message>
        <source>No parent</source>
        <translation>没有父代</translation>
    </message>
    <message>
        <source>Drawn at random.</source>
        <translation>随机抽取。</translation>
    </message>
    <message>
        <source>%1 proposes each architecture anew.</source>
        <translation>%1每次都重新提出架构。</translation>
    </message>
    <message>
        <source>Nothing that shows.</source>
        <translation>没有可见的改变。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ArtefactsModel</name>
    <message numerus="yes">
        <source>Largest difference %1 on %n row(s), checked in %2</source>
        <translation>
            <numerusform>最大差异 %1，共 %n 行，在 %2 中检查</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Largest difference %1 on %n row(s), checked by Lathe only in %2</source>
        <translation>
            <numerusform>最大差异 %1，共 %n 行，仅由 Lathe 在 %2 中检查</numerusform>
        </translation>
    </message>
    <message>
        <source>Lathe only</source>
        <translation>仅 Lathe</translation>
    </message>
    <message>
        <source>file</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>checked in</source>
        <translation>检查环境</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>max difference</source>
        <translation>最大差异</translation>
    </message>
    <message>
        <source>made</source>
        <translation>时间</translation>
    </message>
    <message numerus="yes">
        <source>%1 byte(s)</source>
        <translation>
            <numerusform>%1 字节</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::AugmentGrid</name>
    <message>
        <source>Stored</source>
        <translation>原图</translation>
    </message>
    <message>
        <source>As the network sees it</source>
        <translation>网络看到的样子</translation>
    </message>
    <message>
        <source>Row %1: %2</source>
        <translation>第 %1 行：%2</translation>
    </message>
    <message>
        <source>Row %1: %2, at step %3</source>
        <translation>第 %1 行：%2，第 %3 步</translation>
    </message>
</context>
<context>
    <name>lathe::ui::AugmentPanel</name>
    <message>
        <source>What the network will see</source>
        <translation>网络将看到什么</translation>
    </message>
    <message>
        <source>Show others</source>
        <translation>换一批</translation>
    </message>
    <message>
        <source>Other training images, at other steps</source>
        <translation>其他步骤中的其他训练图像</translation>
    </message>
    <message numerus="yes">
        <source>%n training image(s), each beside changed versions of it</source>
        <translation>
            <numerusform>%n 张训练图像，每张旁边是它的变化版本</numerusform>
        </translation>
    </message>
    <message>
        <source>Drawing images</source>
        <translation>正在生成图像</translation>
    </message>
    <message>
        <source>The images as they are stored. Choose an augmentation to see what it does to them.</source>
        <translation>现在使用的是原图。选择一种数据增强，即可查看它的效果。</translation>
    </message>
    <message>
        <source>A few training images, shifted, turned and zoomed a little at each step.</source>
        <translation>几张训练图像，每一步都略微平移、旋转和缩放。</translation>
    </message>
    <message>
        <source>A few training images, shifted and mirrored. Make sure that mirrored ones keep their class.</source>
        <translation>几张训练图像，经过平移和镜像。请确认镜像后类别不变。</translation>
    </message>
    <message>
        <source>A few training images, each at several steps of the training.</source>
        <translation>几张训练图像，各自在训练的几个步骤中的样子。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::AutopilotController</name>
    <message>
        <source>Take over %1</source>
        <translation>接管 %1</translation>
    </message>
</context>
<context>
    <name>lathe::ui::AutopilotLive</name>
    <message>
        <source>&amp;Show the run</source>
        <translation>显示运行(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Take it over by hand</source>
        <translation>接管并手动修改(&amp;T)</translation>
    </message>
    <message>
        <source>Stopping: the best so far is made into a model</source>
        <translation>正在停止：正把目前最佳的结果做成模型</translation>
    </message>
    <message>
        <source>Deploying and comparing the answers</source>
        <translation>正在部署并比对答案</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>The exported model differs from the trained one</source>
        <translation>导出的模型与训练所得的模型不一致</translation>
    </message>
    <message>
        <source>Stopped: the best so far is exported and verified</source>
        <translation>已停止：目前最佳的模型已导出并通过验证</translation>
    </message>
    <message>
        <source>Done: the model is exported and verified</source>
        <translation>完成：模型已导出并通过验证</translation>
    </message>
    <message>
        <source>Baselines: %1</source>
        <translation>基线：%1</translation>
    </message>
    <message>
        <source>Not deployed: %1</source>
        <translation>未部署：%1</translation>
    </message>
    <message>
        <source>✕ Not healthy in the server: %1</source>
        <translation>✕ 在服务器中不健康：%1</translation>
    </message>
    <message>
        <source>✓ Served at %1 with the same answers</source>
        <translation>✓ 已在 %1 提供服务，答案一致</translation>
    </message>
    <message>
        <source>%1 of %2 used</source>
        <translation>已用 %1，共 %2</translation>
    </message>
    <message>
        <source>about %1 left</source>
        <translation>约剩 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n 行</numerusform>
        </translation>
    </message>
    <message>
        <source>✓ Same predictions on %1, largest difference %2, checked by %3</source>
        <translation>✓ 在 %1 上预测一致，最大差异 %2，由 %3 检查</translation>
    </message>
    <message>
        <source>✕ Differs on %1 by up to %2, checked by %3</source>
        <translation>✕ 在 %1 上有差异，最大 %2，由 %3 检查</translation>
    </message>
    <message>
        <source>%1, with its 95 % interval</source>
        <translation>%1，附 95 % 置信区间</translation>
    </message>
    <message>
        <source>Time of a row</source>
        <translation>每行耗时</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>▶ now</source>
        <translation>▶ 进行中</translation>
    </message>
    <message>
        <source>✕ ended here</source>
        <translation>✕ 止于此处</translation>
    </message>
    <message>
        <source>✓ %1</source>
        <translation>✓ %1</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>已略过</translation>
    </message>
    <message>
        <source>Deploy, check its health</source>
        <translation>部署并检查健康状况</translation>
    </message>
    <message>
        <source>✓ healthy</source>
        <translation>✓ 健康</translation>
    </message>
    <message>
        <source>✕ failed</source>
        <translation>✕ 失败</translation>
    </message>
    <message>
        <source>Autopilot</source>
        <translation>Autopilot</translation>
    </message>
    <message>
        <source>Open report</source>
        <translation>打开报告</translation>
    </message>
    <message>
        <source>Show the run</source>
        <translation>显示运行</translation>
    </message>
    <message>
        <source>Export folder</source>
        <translation>导出文件夹</translation>
    </message>
    <message>
        <source>Deploy…</source>
        <translation>部署…</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>New Autopilot</source>
        <translation>新的 Autopilot</translation>
    </message>
    <message>
        <source>The final model among the runs of the Train page</source>
        <translation>在“训练”页的运行列表中显示最终模型</translation>
    </message>
    <message>
        <source>The Deploy page, with this model chosen</source>
        <translation>打开“部署”页并选中此模型</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Best over time</source>
        <translation>最佳值随时间的变化</translation>
    </message>
    <message>
        <source>The first model is not ready yet.</source>
        <translation>第一个模型尚未就绪。</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>show run</source>
        <translation>显示运行</translation>
    </message>
    <message>
        <source>Its curves on the Train page</source>
        <translation>在“训练”页显示其曲线</translation>
    </message>
    <message>
        <source>take over</source>
        <translation>接管</translation>
    </message>
    <message>
        <source>Makes its model, training and preprocessing the experiment, to be changed by hand</source>
        <translation>把它的模型、训练与预处理设为当前实验，供手动修改</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) trained whole</source>
        <translation>
            <numerusform>%n 个模型已完整训练</numerusform>
        </translation>
    </message>
    <message>
        <source>Best so far: %1 %2 by “%3”</source>
        <comment>metric, value, model</comment>
        <translation>目前最佳：%1 %2，来自“%3”</translation>
    </message>
    <message>
        <source>Autopilot on %1</source>
        <translation>Autopilot：%1</translation>
    </message>
    <message numerus="yes">
        <source>%n begun, each is a run</source>
        <translation>
            <numerusform>已开始 %n 个，每个都是一次运行</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::AutopilotModel</name>
    <message>
        <source>▶ training</source>
        <translation>▶ 训练中</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>✂ given up</source>
        <translation>✂ 已放弃</translation>
    </message>
    <message>
        <source>✕ failed</source>
        <translation>✕ 失败</translation>
    </message>
    <message>
        <source>✓ baseline</source>
        <translation>✓ 基线</translation>
    </message>
    <message>
        <source>✓ done</source>
        <translation>✓ 完成</translation>
    </message>
    <message>
        <source>no time left</source>
        <translation>时间已用完</translation>
    </message>
    <message>
        <source>Its part of the final model</source>
        <translation>它在最终模型中所占的比重</translation>
    </message>
    <message>
        <source>model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>goal</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>state</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>time</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Read, clean and split</source>
        <translation>读取、清洗与划分</translation>
    </message>
    <message>
        <source>Baselines</source>
        <translation>基线</translation>
    </message>
    <message>
        <source>Proven settings</source>
        <translation>成熟的设置</translation>
    </message>
    <message>
        <source>Search near the best</source>
        <translation>在最佳附近搜索</translation>
    </message>
    <message>
        <source>Refine the layers</source>
        <translation>改进网络结构</translation>
    </message>
    <message>
        <source>Join and calibrate</source>
        <translation>组合与校准</translation>
    </message>
    <message>
        <source>Train on all rows</source>
        <translation>用全部行训练</translation>
    </message>
    <message>
        <source>Test, once</source>
        <translation>测试（仅一次）</translation>
    </message>
    <message>
        <source>Export and verify</source>
        <translation>导出并验证</translation>
    </message>
    <message>
        <source>Write the report</source>
        <translation>撰写报告</translation>
    </message>
    <message>
        <source>%1 would be better still; they are not what was exported.</source>
        <translation>%1 会更好；但导出的不是它们。</translation>
    </message>
    <message>
        <source>Nothing that was tried is better than this baseline.</source>
        <translation>所试的模型没有一个优于此基线。</translation>
    </message>
    <message>
        <source>%1 of “%2”</source>
        <comment>percentage, model</comment>
        <translation>“%2”占 %1</translation>
    </message>
    <message>
        <source>%1, joined: %2 %3 instead of %4 of the best single one, “%5”.</source>
        <translation>由%1组合而成：%2 为 %3，而最佳单个模型“%5”为 %4。</translation>
    </message>
    <message>
        <source>“%1” alone: joining it with others did not help. %2 %3.</source>
        <translation>仅用“%1”：与其他模型组合没有帮助。%2 %3。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::AutopilotPlot</name>
    <message>
        <source>Time of the budget, min</source>
        <translation>已用时间预算（分钟）</translation>
    </message>
    <message>
        <source>Time of the budget, s</source>
        <translation>已用时间预算（秒）</translation>
    </message>
    <message>
        <source>best so far</source>
        <translation>目前最佳</translation>
    </message>
    <message>
        <source>models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>baselines</source>
        <translation>基线</translation>
    </message>
    <message>
        <source>(baseline)</source>
        <translation>（基线）</translation>
    </message>
    <message>
        <source>%1 %2 after %3</source>
        <comment>metric, value, duration</comment>
        <translation>%3 后 %1 为 %2</translation>
    </message>
    <message numerus="yes">
        <source>%n model(s).</source>
        <translation>
            <numerusform>%n 个模型。</numerusform>
        </translation>
    </message>
    <message>
        <source>Best so far: %1 %2 after %3.</source>
        <translation>目前最佳：%3 后 %1 为 %2。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::AutopilotReady</name>
    <message>
        <source>Rows</source>
        <translation>行数</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列数</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别数</translation>
    </message>
    <message>
        <source>For training, validation and the test</source>
        <translation>用于训练、验证与测试</translation>
    </message>
    <message>
        <source>Nothing stands out</source>
        <translation>没有异常</translation>
    </message>
    <message>
        <source>Autopilot %1</source>
        <translation>Autopilot %1</translation>
    </message>
    <message>
        <source>done in %1</source>
        <translation>已完成，用时 %1</translation>
    </message>
    <message>
        <source>unfinished, %1 of %2 used</source>
        <translation>未完成，已用 %1，共 %2</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Go on with %1</source>
        <translation>继续 %1</translation>
    </message>
    <message>
        <source>Open report</source>
        <translation>打开报告</translation>
    </message>
    <message>
        <source>Open the report of %1</source>
        <translation>打开 %1 的报告</translation>
    </message>
    <message>
        <source>From data to a verified model</source>
        <translation>从数据到经过验证的模型</translation>
    </message>
    <message>
        <source>Drop a data file or a folder of images or sound here</source>
        <translation>把数据文件或图像、声音文件夹拖到这里</translation>
    </message>
    <message>
        <source>CSV, TSV, NumPy, IDX, images or sound by folder</source>
        <translation>CSV、TSV、NumPy、IDX、按文件夹分类的图像或声音</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>What is in the data</source>
        <translation>数据概况</translation>
    </message>
    <message>
        <source>Worth a look</source>
        <translation>值得留意</translation>
    </message>
    <message>
        <source>Earlier ones of this project</source>
        <translation>此项目先前的 Autopilot</translation>
    </message>
    <message>
        <source>What will happen</source>
        <translation>将会发生什么</translation>
    </message>
    <message>
        <source>The rows are cleaned and split; where they are few, folds let every one of them judge once.</source>
        <translation>先清洗并划分各行；行数较少时采用交叉验证，让每一行都参与一次评判。</translation>
    </message>
    <message>
        <source>Baselines come first: a constant, a linear model and, where XGBoost is installed, boosted trees. When they win, that is said.</source>
        <translation>首先是基线：常数、线性模型，以及（在装有 XGBoost 时）提升树。若基线胜出，会如实说明。</translation>
    </message>
    <message>
        <source>Settings that did well on many tables follow, those first that gain most a second, then a search near the best; what is hopeless is given up early.</source>
        <translation>随后是在许多表格上表现良好的设置，每秒收益最大的优先，再在最佳附近搜索；没有希望的会及早放弃。</translation>
    </message>
    <message>
        <source>The best are joined into one model and calibrated. The test rows are opened once, for this one.</source>
        <translation>最好的几个组合成一个模型并加以校准。测试行只为它打开一次。</translation>
    </message>
    <message>
        <source>It is exported, verified in a fresh process and put where you want it. A report says what was tried, why this one, and how sure that is.</source>
        <translation>模型被导出，在全新进程中验证，并放到您指定的地方。报告会说明试过什么、为何选它，以及有多大把握。</translation>
    </message>
    <message>
        <source>Every model is a run of the project: look at its curves, or take it over and go on by hand.</source>
        <translation>每个模型都是项目中的一次运行：可查看其曲线，或接管后手动继续。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::AutopilotSetup</name>
    <message>
        <source>as usual</source>
        <translation>常用目标</translation>
    </message>
    <message>
        <source>%1, as usual</source>
        <translation>%1（常用）</translation>
    </message>
    <message>
        <source>Choose the data first: a file, or a folder of images or sound.</source>
        <translation>请先选择数据：一个文件，或一个图像或声音文件夹。</translation>
    </message>
    <message>
        <source>Give the minutes that it may take.</source>
        <translation>请给出允许的分钟数。</translation>
    </message>
    <message>
        <source>A limit is no number that it can be kept to.</source>
        <translation>有一项限制不是可以遵守的数值。</translation>
    </message>
    <message>
        <source>Choose a format for the model.</source>
        <translation>请为模型选择一种格式。</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>A table, or a folder of images or sound; its project is made beside it</source>
        <translation>表格，或图像、声音文件夹；项目会建在它旁边</translation>
    </message>
    <message>
        <source>drop a file, or type its path</source>
        <translation>拖入文件，或输入路径</translation>
    </message>
    <message>
        <source>Choose the data</source>
        <translation>选择数据</translation>
    </message>
    <message>
        <source>A &amp;file…</source>
        <translation>文件(&amp;F)…</translation>
    </message>
    <message>
        <source>A f&amp;older…</source>
        <translation>文件夹(&amp;O)…</translation>
    </message>
    <message>
        <source>Predict</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>The column that the model learns to predict</source>
        <translation>模型要学习预测的列</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>For everything but the export; the best is better with more</source>
        <translation>用于导出以外的一切；时间越多结果越好</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n 分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>分钟数</translation>
    </message>
    <message>
        <source>min</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>Goal</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>What the models are compared by, on rows that they were not trained on</source>
        <translation>在未参与训练的行上，用来比较各模型的指标</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>The longest that the exported model may take for a row; empty: no limit</source>
        <translation>导出的模型处理一行最多可用的时间；留空则不限</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>The largest that the exported model may be; empty: no limit</source>
        <translation>导出的模型最大可以多大；留空则不限</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>ms a row</source>
        <translation>毫秒/行</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>MB</translation>
    </message>
    <message>
        <source>Formats</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Each is checked in a fresh process before it is kept</source>
        <translation>每种格式都在全新进程中检查后才保留</translation>
    </message>
    <message>
        <source>Start the Autopilot</source>
        <translation>启动 Autopilot</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>复制为命令</translation>
    </message>
    <message>
        <source>Copies the lathe-cli command that does the same</source>
        <translation>复制执行相同操作的 lathe-cli 命令</translation>
    </message>
    <message>
        <source>Stop and keep the best</source>
        <translation>停止并保留最佳</translation>
    </message>
    <message>
        <source>Set up</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ChoicePanel</name>
    <message>
        <source>batch size</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Short trainings</source>
        <translation>短训练</translation>
    </message>
    <message>
        <source>One mark a setting and round: larger ones are of later rounds, filled ones of the last, and the chosen one has a ring. Rounds do not compare with each other: later ones train for longer and on more folds.</source>
        <translation>每个设置每一轮筛选一个标记：越大轮次越靠后，实心的属于最后一轮，选中的带圆环。不同轮次不可相互比较：后面的轮次训练更久、折数更多。</translation>
    </message>
    <message>
        <source>Tried</source>
        <translation>已尝试</translation>
    </message>
    <message>
        <source>Settings that were tried</source>
        <translation>尝试过的设置</translation>
    </message>
    <message>
        <source>What was chosen</source>
        <translation>选择了什么</translation>
    </message>
    <message>
        <source>Which choice is shown</source>
        <translation>显示哪一项选择</translation>
    </message>
    <message>
        <source>What a run tries before its first step: choose a run.</source>
        <translation>运行在第一步之前的尝试：请选择一个运行。</translation>
    </message>
    <message>
        <source>The first short trainings are under way.</source>
        <translation>第一批短训练正在进行。</translation>
    </message>
    <message>
        <source>Run %1 tried nothing: its settings were given, or it is too short to tell them apart.</source>
        <translation>运行 %1 没有尝试任何设置：设置已给定，或训练太短，无法区分。</translation>
    </message>
    <message numerus="yes">
        <source>run %1: %n setting(s)</source>
        <translation>
            <numerusform>运行 %1：%n 个设置</numerusform>
        </translation>
    </message>
    <message>
        <source>, %1 of %2 trainings</source>
        <translation>，训练 %1/%2</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ChoicePlot</name>
    <message>
        <source>(chosen)</source>
        <translation>（已选择）</translation>
    </message>
    <message>
        <source>Round %1: %2 %3</source>
        <translation>第 %1 轮筛选：%2 %3</translation>
    </message>
    <message>
        <source>Chosen: %1, %2 %3.</source>
        <translation>已选择：%1，%2 %3。</translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) tried.</source>
        <translation>
            <numerusform>尝试了 %n 个设置。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::CloseDialog</name>
    <message>
        <source>Close Lathe</source>
        <translation>关闭 Lathe</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) are training</source>
        <translation>
            <numerusform>有 %n 个运行正在训练</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Lathe can go on without a window until %n run(s) are done, and a window opened later shows them live. Or training stops at the next step with a checkpoint, and Resume goes on from there.</source>
        <translation>
            <numerusform>Lathe 可以在没有窗口的情况下继续，直到 %n 个运行完成，之后打开的窗口会实时显示它们。也可以在下一步保存检查点并停止，之后用“继续”接着训练。</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Stop and save</source>
        <translation>停止并保存(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Keep going until done</source>
        <translation>继续直到完成(&amp;K)</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ColumnsModel</name>
    <message>
        <source>%1 to %2, mean %3, standard deviation %4</source>
        <translation>%1 至 %2，均值 %3，标准差 %4</translation>
    </message>
    <message>
        <source>Chosen by hand; by looking: %1</source>
        <translation>手动选择；自动识别为：%1</translation>
    </message>
    <message>
        <source>column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>distinct</source>
        <translation>不同值</translation>
    </message>
    <message>
        <source>distribution</source>
        <translation>分布</translation>
    </message>
    <message>
        <source>Text, used: read by its words and parts of words</source>
        <translation>文本，已使用：按词和词的片段读取</translation>
    </message>
</context>
<context>
    <name>lathe::ui::CommandPalette</name>
    <message>
        <source>Type a command, a page, a run or a sample</source>
        <translation>输入命令、页面、运行或示例的名称</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Commands that fit</source>
        <translation>匹配的命令</translation>
    </message>
    <message>
        <source>Nothing fits. Try fewer letters.</source>
        <translation>没有匹配项。请少输入几个字母。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ConditionDialog</name>
    <message>
        <source>When it applies</source>
        <translation>何时适用</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>%1 is part of a trial only while the earlier settings have values that are ticked here. A setting without a tick does not matter.</source>
        <translation>仅当前面的设置取这里勾选的值时，%1 才属于试验。没有勾选的设置不起作用。</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>始终</translation>
    </message>
    <message>
        <source>Any one of these that are ticked</source>
        <translation>所勾选值中的任意一个</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ConstraintDialog</name>
    <message>
        <source>a number</source>
        <translation>一个数</translation>
    </message>
    <message>
        <source>Change the constraint</source>
        <translation>更改约束</translation>
    </message>
    <message>
        <source>Add a constraint</source>
        <translation>添加约束</translation>
    </message>
    <message>
        <source>not in it</source>
        <translation>不在其中</translation>
    </message>
    <message>
        <source>What it is multiplied with in the sum; empty: it is not part of it. Range: %1</source>
        <translation>在和式中乘以的系数；留空：不参与。范围：%1</translation>
    </message>
    <message>
        <source>at most</source>
        <translation>至多</translation>
    </message>
    <message>
        <source>at least</source>
        <translation>至少</translation>
    </message>
    <message>
        <source>The sum is</source>
        <translation>总和</translation>
    </message>
    <message>
        <source>Which side of the bound is allowed</source>
        <translation>允许在界限的哪一侧</translation>
    </message>
    <message>
        <source>Bound</source>
        <translation>界限</translation>
    </message>
    <message>
        <source>The sum never passes it</source>
        <translation>总和从不越过它</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Trials are proposed within the bound only. A setting that is not active in a trial counts nothing.</source>
        <translation>只提出在界限内的试验。在试验中未启用的设置不计入。</translation>
    </message>
    <message>
        <source>No values of the open settings fulfil it.</source>
        <translation>开放设置的任何取值都不满足它。</translation>
    </message>
    <message>
        <source>Give at least one weight and the bound.</source>
        <translation>请至少给出一个系数和界限。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ConstraintList</name>
    <message>
        <source>Constraints</source>
        <translation>约束</translation>
    </message>
    <message>
        <source>Add a constraint…</source>
        <translation>添加约束…</translation>
    </message>
    <message>
        <source>A bound on a sum of open settings, such as the sizes of all layers together</source>
        <translation>对开放设置之和的限制，例如所有层的总大小</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Change %1</source>
        <translation>更改 %1</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>移除 %1</translation>
    </message>
    <message>
        <source>Change the constraints</source>
        <translation>更改约束</translation>
    </message>
    <message>
        <source>Remove a constraint</source>
        <translation>移除约束</translation>
    </message>
</context>
<context>
    <name>lathe::ui::CurvePlot</name>
    <message>
        <source>train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Save plot</source>
        <translation>保存图</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>time in s</source>
        <translation>时间（秒）</translation>
    </message>
    <message>
        <source>best %1 (run %2)</source>
        <translation>最佳 %1（运行 %2）</translation>
    </message>
    <message>
        <source>%1: %2 at step %3</source>
        <translation>%1：第 %3 步为 %2</translation>
    </message>
    <message numerus="yes">
        <source>%n curve(s).</source>
        <translation>
            <numerusform>%n 条曲线。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::DataInspector</name>
    <message>
        <source>Change the task</source>
        <translation>更改任务</translation>
    </message>
    <message>
        <source>What can be predicted from the data, and how their rows are split, stands here.</source>
        <translation>这里显示可以从数据预测什么，以及各行如何划分。</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Worth a look</source>
        <translation>值得留意</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Predict</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>The column that the model learns to predict</source>
        <translation>模型学习预测的列</translation>
    </message>
    <message>
        <source>Training rows</source>
        <translation>训练行数</translation>
    </message>
    <message>
        <source>Validation rows</source>
        <translation>验证行数</translation>
    </message>
    <message>
        <source>Test rows, looked at once</source>
        <translation>测试行数，只看一次</translation>
    </message>
    <message>
        <source>Predict the class of an image</source>
        <translation>预测图像的类别</translation>
    </message>
    <message>
        <source>Predict %1</source>
        <translation>预测 %1</translation>
    </message>
    <message>
        <source>Regression: a number</source>
        <translation>回归：一个数值</translation>
    </message>
    <message>
        <source>Binary classification</source>
        <translation>二分类</translation>
    </message>
    <message numerus="yes">
        <source>Classification with %n class(es)</source>
        <translation>
            <numerusform>分类，共 %n 个类别</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, %2 of the rows are %3</source>
        <comment>task, percentage, class</comment>
        <translation>%1，%3 占 %2</translation>
    </message>
    <message>
        <source>Nothing stands out</source>
        <translation>没有异常</translation>
    </message>
    <message>
        <source>Further columns to predict at once: numbers, or yes and no for several labels</source>
        <translation>一起预测的其他列：数值，或者用于多标签的是与否</translation>
    </message>
    <message>
        <source>Predict more columns</source>
        <translation>预测更多列</translation>
    </message>
    <message>
        <source>and %1</source>
        <comment>further targets</comment>
        <translation>以及 %1</translation>
    </message>
    <message numerus="yes">
        <source>Regression: %n number(s)</source>
        <translation>
            <numerusform>回归：%n 个数</numerusform>
        </translation>
    </message>
    <message>
        <source>Quantiles: an interval for a number</source>
        <translation>分位数：一个数的区间</translation>
    </message>
    <message numerus="yes">
        <source>Any of %n label(s)</source>
        <translation>
            <numerusform>%n 个标签中的任意几个</numerusform>
        </translation>
    </message>
    <message>
        <source>Classification predicts one of some classes, regression a number, several labels any of them at once, quantiles the interval that a number will lie in, forecast the next values of a series</source>
        <translation>分类预测若干类别之一，回归预测一个数字，多标签同时预测其中任意几个，分位数预测数字所在的区间，未来预测给出序列接下来的值</translation>
    </message>
    <message numerus="yes">
        <source>Forecast: the next %n row(s)</source>
        <translation>
            <numerusform>未来预测：接下来的 %n 行</numerusform>
        </translation>
    </message>
    <message>
        <source>Find unusual rows</source>
        <translation>查找不寻常的行</translation>
    </message>
    <message>
        <source>Anomalies: a score, without any target</source>
        <translation>异常：一个分数，不需要目标</translation>
    </message>
    <message>
        <source>Anomalies: a score; %1 only tells how good it is</source>
        <translation>异常：一个分数；%1 只用来说明它有多好</translation>
    </message>
    <message>
        <source>Predict the class of a clip of sound</source>
        <translation>预测音频片段的类别</translation>
    </message>
</context>
<context>
    <name>lathe::ui::DataPage</name>
    <message numerus="yes">
        <source>%n class(es)</source>
        <translation>
            <numerusform>%n 个类别</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n column(s)</source>
        <translation>
            <numerusform>%n 列</numerusform>
        </translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Open other data…</source>
        <translation>打开其他数据…</translation>
    </message>
    <message>
        <source>No data yet</source>
        <translation>还没有数据</translation>
    </message>
    <message>
        <source>Open data…</source>
        <translation>打开数据…</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Show or hide the columns</source>
        <translation>显示或隐藏列</translation>
    </message>
    <message>
        <source>Show or hide the rows</source>
        <translation>显示或隐藏行</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Return or a click on a kind or role changes it.</source>
        <translation>在类型或角色上按回车或单击即可更改。</translation>
    </message>
    <message>
        <source>read in %1 s</source>
        <translation>读取用时 %1 秒</translation>
    </message>
    <message>
        <source>%1 × %2, %3</source>
        <comment>height, width, grey or colour</comment>
        <translation>%1 × %2，%3</translation>
    </message>
    <message>
        <source>grey</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>colour</source>
        <translation>彩色</translation>
    </message>
    <message>
        <source>comma</source>
        <translation>逗号</translation>
    </message>
    <message>
        <source>semicolon</source>
        <translation>分号</translation>
    </message>
    <message>
        <source>tab</source>
        <translation>制表符</translation>
    </message>
    <message>
        <source>bar</source>
        <translation>竖线</translation>
    </message>
    <message>
        <source>space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>read in %1 ms</source>
        <translation>读取用时 %1 毫秒</translation>
    </message>
    <message numerus="yes">
        <source>%1 image(s)</source>
        <translation>
            <numerusform>%1 张图像</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 row(s)</source>
        <translation>
            <numerusform>%1 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 test row(s)</source>
        <translation>
            <numerusform>%1 个测试行</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 s at %2 Hz</source>
        <comment>length of a clip of sound</comment>
        <translation>%1 秒，%2 Hz</translation>
    </message>
    <message numerus="yes">
        <source>%1 clip(s)</source>
        <translation>
            <numerusform>%1 段音频</numerusform>
        </translation>
    </message>
    <message>
        <source>Clips</source>
        <translation>音频片段</translation>
    </message>
    <message>
        <source>Drop a CSV file, NumPy arrays or a folder of images or sound on the window.</source>
        <translation>把 CSV 文件、NumPy 数组或图像、声音文件夹拖到窗口上。</translation>
    </message>
    <message>
        <source>Images and sound</source>
        <translation>图像和声音</translation>
    </message>
</context>
<context>
    <name>lathe::ui::DeployDialog</name>
    <message>
        <source>Deploy run %1</source>
        <translation>部署运行 %1</translation>
    </message>
    <message>
        <source>Deploy</source>
        <translation>部署</translation>
    </message>
    <message>
        <source>The run is exported, put into the server, and the reference rows are sent there. It is served from then on only if the answers are the same; else the server is left as it was.</source>
        <translation>先导出该运行并放入服务器，再把参考行发送过去。只有回答相同才开始提供服务；否则服务器保持原样。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::DeployPage</name>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n 行</numerusform>
        </translation>
    </message>
    <message>
        <source>✓ Same predictions on %1, largest difference %2.</source>
        <translation>✓ %1的预测相同，最大差异 %2。</translation>
    </message>
    <message>
        <source>✕ Differs on %1 by up to %2.</source>
        <translation>✕ %1的预测不同，差异最大 %2。</translation>
    </message>
    <message>
        <source>Export run %1</source>
        <translation>导出运行 %1</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Nothing exported yet</source>
        <translation>还没有导出</translation>
    </message>
    <message>
        <source>No trained run yet</source>
        <translation>还没有训练过的运行</translation>
    </message>
    <message>
        <source>Exported files are listed here with what their check found.</source>
        <translation>导出的文件及其检查结果会列在这里。</translation>
    </message>
    <message>
        <source>A run can be exported as soon as it has its first checkpoint.</source>
        <translation>运行有了第一个检查点后即可导出。</translation>
    </message>
    <message>
        <source>Go to Train</source>
        <translation>转到训练</translation>
    </message>
    <message>
        <source>Folder for the export</source>
        <translation>导出文件夹</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在开始</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>The run whose best checkpoint is exported</source>
        <translation>导出其最佳检查点的运行</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Name of the file; empty: the run&apos;s name</source>
        <translation>文件名；留空则使用运行的名称</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Where the file goes, together with lathe-export.json</source>
        <translation>文件与 lathe-export.json 的存放位置</translation>
    </message>
    <message>
        <source>the run&apos;s name</source>
        <translation>运行的名称</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Export and verify</source>
        <translation>导出并验证</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Preprocessing is inside the exported model. The file is loaded again in a fresh process and compared on the test rows; a difference above 1e-5 refuses it.</source>
        <translation>预处理包含在导出的模型中。文件会在新进程中重新加载，并在测试行上比较；差异超过 1e-5 则拒绝导出。</translation>
    </message>
    <message>
        <source>Exported files</source>
        <translation>已导出的文件</translation>
    </message>
    <message>
        <source>open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>copy predict command</source>
        <translation>复制预测命令</translation>
    </message>
    <message>
        <source>no trained run yet</source>
        <translation>还没有训练过的运行</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>复制为命令</translation>
    </message>
    <message>
        <source>Copies the lathe-cli command that exports the same</source>
        <translation>复制执行相同导出的 lathe-cli 命令</translation>
    </message>
    <message>
        <source>Formats</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>ONNX is read by most other programs; TorchScript by LibTorch and PyTorch</source>
        <translation>ONNX 可由大多数其他程序读取；TorchScript 由 LibTorch 和 PyTorch 读取</translation>
    </message>
    <message>
        <source>%1 %2: %3 instead of %4, %5 ms instead of %6 ms a row</source>
        <translation>%1 %2：%3（原 %4），每行 %5 毫秒（原 %6 毫秒）</translation>
    </message>
    <message>
        <source>, %1 %2 instead of %3</source>
        <translation>，%1 %2（原 %3）</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Of the weights: fewer bits make smaller files that predict a little differently</source>
        <translation>权重的精度：位数越少文件越小，预测略有不同</translation>
    </message>
    <message>
        <source>%1 is served, with the same answers</source>
        <translation>%1 已提供服务，回答相同</translation>
    </message>
    <message>
        <source>Nothing deployed yet</source>
        <translation>尚未部署</translation>
    </message>
    <message>
        <source>Serve a run here, or put it into TorchServe, TensorFlow Serving or Triton.</source>
        <translation>可在本机提供服务，或放入 TorchServe、TensorFlow Serving 或 Triton。</translation>
    </message>
    <message>
        <source>A row can be tried as soon as a model is served.</source>
        <translation>模型开始提供服务后即可试用一行。</translation>
    </message>
    <message>
        <source>stop serving</source>
        <translation>停止服务</translation>
    </message>
    <message>
        <source>serve here</source>
        <translation>在本机服务</translation>
    </message>
    <message>
        <source>Deployments</source>
        <translation>部署</translation>
    </message>
    <message>
        <source>Lathe&apos;s own server on this machine, for as long as the window is open</source>
        <translation>本机上 Lathe 自带的服务器，窗口打开期间有效</translation>
    </message>
    <message>
        <source>deploy to a server</source>
        <translation>部署到服务器</translation>
    </message>
    <message>
        <source>take out of the list</source>
        <translation>从列表移除</translation>
    </message>
    <message>
        <source>The server itself is left alone</source>
        <translation>不影响服务器本身</translation>
    </message>
    <message>
        <source>cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>train on new data</source>
        <translation>用新数据训练</translation>
    </message>
    <message>
        <source>Run %1 is no worse on new data and is served now</source>
        <translation>运行 %1 在新数据上不差，现已提供服务</translation>
    </message>
    <message>
        <source>Run %1 is not served: %2</source>
        <translation>运行 %1 未提供服务：%2</translation>
    </message>
    <message>
        <source>%1 was rolled back to version %2</source>
        <translation>%1 已回滚到版本 %2</translation>
    </message>
    <message>
        <source>Single rows can be tried for tables and pictures only; lathe-cli request sends files.</source>
        <translation>只有表格和图片可以逐行试用；lathe-cli request 可发送文件。</translation>
    </message>
    <message>
        <source>Trains the experiment of the chosen deployment again and serves the result if it is no worse</source>
        <translation>重新训练所选部署的实验，若结果不差则提供服务</translation>
    </message>
</context>
<context>
    <name>lathe::ui::DeploymentsModel</name>
    <message>
        <source>looking</source>
        <translation>正在查看</translation>
    </message>
    <message>
        <source>✓ healthy, same answers</source>
        <translation>✓ 正常，回答相同</translation>
    </message>
    <message>
        <source>✕ does not answer</source>
        <translation>✕ 没有回应</translation>
    </message>
    <message>
        <source>✕ answers differently</source>
        <translation>✕ 回答不同</translation>
    </message>
    <message>
        <source>✕ refuses</source>
        <translation>✕ 拒绝</translation>
    </message>
    <message numerus="yes">
        <source>Largest difference from the trained model %1 on %n row(s)</source>
        <translation>
            <numerusform>在 %n 行上与训练好的模型的最大差异为 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Built in</source>
        <translation>内置</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>Median of single rows, as this machine sees it</source>
        <translation>本机测得的单行中位数</translation>
    </message>
    <message>
        <source>model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>health</source>
        <translation>健康状况</translation>
    </message>
    <message>
        <source>latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>✕ rolled back to version %1</source>
        <translation>✕ 已回滚到版本 %1</translation>
    </message>
    <message>
        <source>Row %1: the server answers %2, the trained model %3</source>
        <translation>第 %1 行：服务器答 %2，训练所得的模型答 %3</translation>
    </message>
    <message>
        <source>Watched until %1</source>
        <translation>观察至 %1</translation>
    </message>
    <message>
        <source>This server does not tell how often it was asked</source>
        <translation>此服务器不提供请求次数</translation>
    </message>
    <message>
        <source>Since the server loaded the model</source>
        <translation>自服务器载入该模型起</translation>
    </message>
    <message>
        <source>Of all versions: the server does not tell them apart</source>
        <translation>所有版本合计：服务器不加区分</translation>
    </message>
    <message>
        <source>Lathe&apos;s own checks are among them</source>
        <translation>其中包括 Lathe 自身的检查</translation>
    </message>
    <message>
        <source>%1 /s</source>
        <translation>%1 次/秒</translation>
    </message>
    <message>
        <source>Requests a second between the last two looks</source>
        <translation>最近两次查看之间每秒的请求数</translation>
    </message>
    <message>
        <source>requests</source>
        <translation>请求数</translation>
    </message>
    <message>
        <source>per second</source>
        <translation>每秒</translation>
    </message>
</context>
<context>
    <name>lathe::ui::DesktopHelper</name>
    <message>
        <source>Run %1 is done</source>
        <translation>运行 %1 已完成</translation>
    </message>
    <message>
        <source>It took %1.</source>
        <translation>用时 %1。</translation>
    </message>
    <message>
        <source>Run %1 failed</source>
        <translation>运行 %1 失败</translation>
    </message>
    <message>
        <source>A model is training</source>
        <translation>正在训练模型</translation>
    </message>
    <message>
        <source>The Autopilot is done</source>
        <translation>Autopilot 已完成</translation>
    </message>
    <message>
        <source>The Autopilot failed</source>
        <translation>Autopilot 失败</translation>
    </message>
</context>
<context>
    <name>lathe::ui::DriftModel</name>
    <message>
        <source>△ moved</source>
        <translation>△ 有偏移</translation>
    </message>
    <message>
        <source>✕ different</source>
        <translation>✕ 不同</translation>
    </message>
    <message>
        <source>✓ same</source>
        <translation>✓ 相同</translation>
    </message>
    <message>
        <source>%1. Below 0.1 is taken for the same, from 0.25 on for something else; rows of the same kind stay below %2 here.</source>
        <translation>%1。低于 0.1 视为相同，0.25 及以上视为不同；同类的行在此处低于 %2。</translation>
    </message>
    <message>
        <source>%1 in training</source>
        <translation>训练时为 %1</translation>
    </message>
    <message>
        <source>Population stability index: how far the shares of ten bins have moved since training</source>
        <translation>群体稳定性指数：十个分箱的占比自训练以来偏移了多少</translation>
    </message>
    <message>
        <source>column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>drift</source>
        <translation>漂移</translation>
    </message>
    <message>
        <source>index</source>
        <translation>指数</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>unseen</source>
        <translation>未见过</translation>
    </message>
    <message>
        <source>what is different</source>
        <translation>有何不同</translation>
    </message>
</context>
<context>
    <name>lathe::ui::DriftPanel</name>
    <message>
        <source>What the model is asked for looks like its training rows.</source>
        <translation>模型收到的请求与训练行相似。</translation>
    </message>
    <message>
        <source>Nothing deployed yet</source>
        <translation>尚未部署</translation>
    </message>
    <message>
        <source>The inputs of a served model are compared with its training rows.</source>
        <translation>此处把所服务模型的输入与训练行进行比较。</translation>
    </message>
    <message>
        <source>Too few rows yet</source>
        <translation>行数尚少</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) seen since %1; %2 are needed for a comparison. Lathe&apos;s own checks do not count.</source>
        <translation>
            <numerusform>自 %1 起见到 %n 行；比较需要 %2 行。Lathe 自身的检查不计入。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) since %1, beside the training rows</source>
        <translation>
            <numerusform>自 %1 起的 %n 行，与训练行对照</numerusform>
        </translation>
    </message>
    <message>
        <source>Inputs by column</source>
        <translation>各列的输入</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ErrorBanner</name>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ExperimentController</name>
    <message>
        <source>Choose the data</source>
        <translation>选择数据</translation>
    </message>
    <message>
        <source>Change the role of %1</source>
        <translation>更改 %1 的角色</translation>
    </message>
    <message>
        <source>Change the kind of %1</source>
        <translation>更改 %1 的类型</translation>
    </message>
    <message>
        <source>Choose a template</source>
        <translation>选择模板</translation>
    </message>
    <message>
        <source>Change %1</source>
        <translation>更改 %1</translation>
    </message>
    <message>
        <source>Choose what to predict</source>
        <translation>选择要预测的内容</translation>
    </message>
</context>
<context>
    <name>lathe::ui::FieldPin</name>
    <message>
        <source>Search %1</source>
        <translation>搜索%1</translation>
    </message>
    <message>
        <source>Open %1 for the search by its usual range</source>
        <translation>以常用范围将%1开放给搜索</translation>
    </message>
    <message>
        <source>Open for the search: %1. Press to close it.</source>
        <translation>已开放给搜索：%1。按下可关闭。</translation>
    </message>
    <message>
        <source>Close %1</source>
        <translation>关闭%1</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>开放%1</translation>
    </message>
</context>
<context>
    <name>lathe::ui::FormDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>lathe::ui::HeaderBar</name>
    <message>
        <source>Every command, page, run and sample by its name</source>
        <translation>按名称查找命令、页面、运行和示例</translation>
    </message>
    <message>
        <source>Rename the experiment or go back to an earlier version</source>
        <translation>重命名实验或回到较早的版本</translation>
    </message>
    <message>
        <source>No project</source>
        <translation>无项目</translation>
    </message>
    <message>
        <source>Unnamed experiment</source>
        <translation>未命名的实验</translation>
    </message>
    <message>
        <source>%1 v%2</source>
        <comment>experiment, version</comment>
        <translation>%1 v%2</translation>
    </message>
    <message>
        <source>Experiment: %1</source>
        <translation>实验：%1</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>saving</source>
        <translation>正在保存</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>v%1, saved %2</source>
        <translation>v%1，保存于 %2</translation>
    </message>
    <message>
        <source>Back to version %1</source>
        <translation>回到版本 %1</translation>
    </message>
    <message>
        <source>Rename the experiment</source>
        <translation>重命名实验</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>未保存</translation>
    </message>
</context>
<context>
    <name>lathe::ui::HeatPlot</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>% of values</source>
        <translation>占值的 %</translation>
    </message>
    <message numerus="yes">
        <source>%n histogram(s), the last one at step %1: nearly all values lie between %2 and %3.</source>
        <translation>
            <numerusform>%n 个直方图，最后一个在第 %1 步：几乎所有值都在 %2 与 %3 之间。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::HistogramDelegate</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::HomePage</name>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>BLAS</source>
        <translation>BLAS</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>none found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>What do you want to train?</source>
        <translation>想训练什么？</translation>
    </message>
    <message>
        <source>Open data…</source>
        <translation>打开数据…</translation>
    </message>
    <message>
        <source>Open a folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>New empty project</source>
        <translation>新建空项目</translation>
    </message>
    <message>
        <source>Or start from a sample</source>
        <translation>或从示例开始</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>最近的项目</translation>
    </message>
    <message>
        <source>Projects that you open are listed here.</source>
        <translation>打开过的项目会列在这里。</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Choose a weights file</source>
        <translation>选择权重文件</translation>
    </message>
    <message>
        <source>Weights (*.pth *.pt *.safetensors)</source>
        <translation>权重 (*.pth *.pt *.safetensors)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Drop a data file or a folder of images or sound here</source>
        <translation>把数据文件或图像、声音文件夹拖到这里</translation>
    </message>
    <message>
        <source>CSV, TSV, NumPy, IDX, images or sound by folder</source>
        <translation>CSV、TSV、NumPy、IDX、按文件夹分类的图像或声音</translation>
    </message>
    <message>
        <source>Autopilot…</source>
        <translation>Autopilot…</translation>
    </message>
    <message>
        <source>From a data file to a verified model, a report and a server, within a time that you give</source>
        <translation>在您给定的时间内，从数据文件得到经过验证的模型、报告，并部署到服务器</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ImageDrop</name>
    <message>
        <source>Picture to try</source>
        <translation>要试用的图片</translation>
    </message>
    <message>
        <source>PNG, JPEG, BMP or WebP</source>
        <translation>PNG、JPEG、BMP 或 WebP</translation>
    </message>
    <message>
        <source>Choose a picture</source>
        <translation>选择图片</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.bmp *.webp);;All files (*)</source>
        <translation>图片 (*.png *.jpg *.jpeg *.bmp *.webp);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Drop a picture here, or click to choose one</source>
        <translation>把图片拖到这里，或点击选择</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ImageGrid</name>
    <message>
        <source>Row %1: %2</source>
        <translation>第 %1 行：%2</translation>
    </message>
</context>
<context>
    <name>lathe::ui::JobsStrip</name>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>saving a checkpoint</source>
        <translation>正在保存检查点</translation>
    </message>
    <message>
        <source>preparing</source>
        <translation>准备中</translation>
    </message>
    <message>
        <source>epoch %1 of %2</source>
        <translation>第 %1 轮，共 %2 轮</translation>
    </message>
    <message>
        <source>Run %1</source>
        <translation>运行 %1</translation>
    </message>
    <message>
        <source>Show this run on the Train page</source>
        <translation>在训练页显示此运行</translation>
    </message>
    <message>
        <source>Progress: %1</source>
        <translation>进度：%1</translation>
    </message>
    <message>
        <source>images</source>
        <translation>张</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n more job(s)</source>
        <translation>
            <numerusform>另有 %n 个任务</numerusform>
        </translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop at the next step with a checkpoint; Resume goes on from there</source>
        <translation>在下一步保存检查点后停止；“继续”从那里接着训练</translation>
    </message>
    <message>
        <source>End this job; what was trained so far is kept</source>
        <translation>结束此任务；已训练的部分会保留</translation>
    </message>
    <message>
        <source>Nothing is training</source>
        <translation>没有正在进行的训练</translation>
    </message>
    <message>
        <source>Run %1, %2</source>
        <translation>运行 %1，%2</translation>
    </message>
    <message>
        <source>clips</source>
        <translation>段</translation>
    </message>
    <message>
        <source>the best are trained again</source>
        <translation>正在重新训练最佳者</translation>
    </message>
    <message>
        <source>%1 of %2 trials</source>
        <translation>%2 个试验中的 %1 个</translation>
    </message>
    <message numerus="yes">
        <source>%n trial(s)</source>
        <translation>
            <numerusform>%n 个试验</numerusform>
        </translation>
    </message>
    <message>
        <source>Study %1</source>
        <translation>研究 %1</translation>
    </message>
    <message>
        <source>Show this study on the Search page</source>
        <translation>在搜索页显示此研究</translation>
    </message>
    <message>
        <source>The search is made ready</source>
        <translation>正在准备搜索</translation>
    </message>
    <message>
        <source>Study %1, %2</source>
        <translation>研究 %1，%2</translation>
    </message>
    <message>
        <source>Autopilot</source>
        <translation>Autopilot</translation>
    </message>
    <message>
        <source>Show its page</source>
        <translation>显示其页面</translation>
    </message>
    <message>
        <source>deploying</source>
        <translation>正在部署</translation>
    </message>
    <message>
        <source>Stop the Autopilot and keep the best</source>
        <translation>停止 Autopilot 并保留最佳</translation>
    </message>
</context>
<context>
    <name>lathe::ui::LayerPalette</name>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Search layers</source>
        <translation>搜索层</translation>
    </message>
    <message>
        <source>Kinds of layers</source>
        <translation>层类型</translation>
    </message>
    <message>
        <source>Return or a double click adds the layer below the chosen one.</source>
        <translation>按回车或双击，将该层添加到所选层之下。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::LayersModel</name>
    <message>
        <source>%1 operations for one row</source>
        <translation>每行 %1 次运算</translation>
    </message>
    <message>
        <source>Reads the layer before</source>
        <translation>读取上一层</translation>
    </message>
    <message>
        <source>Type them as name=value, separated by commas</source>
        <translation>以 名称=值 的形式输入，用逗号分隔</translation>
    </message>
    <message>
        <source>Names of layers, separated by commas; empty: the layer before</source>
        <translation>层的名称，用逗号分隔；留空为上一层</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>reads</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>forward</source>
        <translation>前向</translation>
    </message>
    <message>
        <source>problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>There is no layer kind %1.</source>
        <translation>没有名为 %1 的层类型。</translation>
    </message>
    <message>
        <source>Change layer %1</source>
        <translation>更改层 %1</translation>
    </message>
    <message>
        <source>Add layer %1</source>
        <translation>添加层 %1</translation>
    </message>
    <message>
        <source>Remove layer %1</source>
        <translation>移除层 %1</translation>
    </message>
    <message>
        <source>Move layer %1</source>
        <translation>移动层 %1</translation>
    </message>
    <message>
        <source>Change %1 of layer %2</source>
        <translation>更改层 %2 的 %1</translation>
    </message>
</context>
<context>
    <name>lathe::ui::MachineDialog</name>
    <message>
        <source>good</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>bad</source>
        <translation>异常</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>What this machine has</source>
        <translation>本机配置</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Save a report for a bug…</source>
        <translation>保存错误报告…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>lathe::ui::MainWindow</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>查看(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检查器</translation>
    </message>
    <message>
        <source>About Lathe</source>
        <translation>关于 Lathe</translation>
    </message>
    <message>
        <source>Drop to open</source>
        <translation>松开以打开</translation>
    </message>
    <message>
        <source>Start a training with the settings as they are</source>
        <translation>按当前设置开始训练</translation>
    </message>
    <message>
        <source>Pause run %1</source>
        <translation>暂停运行 %1</translation>
    </message>
    <message>
        <source>Nothing is training</source>
        <translation>没有正在进行的训练</translation>
    </message>
    <message>
        <source>%1 – Lathe</source>
        <translation>%1 – Lathe</translation>
    </message>
    <message>
        <source>Lathe</source>
        <translation>Lathe</translation>
    </message>
    <message>
        <source>Open data</source>
        <translation>打开数据</translation>
    </message>
    <message>
        <source>Tables and arrays (%1)</source>
        <translation>表格和数组 (%1)</translation>
    </message>
    <message>
        <source>All files (%1)</source>
        <translation>所有文件 (%1)</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation>打开项目</translation>
    </message>
    <message>
        <source>New empty project</source>
        <translation>新建空项目</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>experiment</source>
        <translation>实验</translation>
    </message>
    <message>
        <source>Lathe %1</source>
        <translation>Lathe %1</translation>
    </message>
    <message>
        <source>A workbench for automated training, search and deployment of neural networks.
Free software under the GNU General Public License, version 3 or later.
%1, Qt %2</source>
        <translation>神经网络自动训练、搜索和部署的工作台。
自由软件，采用 GNU 通用公共许可证第 3 版或更高版本。
%1，Qt %2</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Move the focus to a field and press F1 for its help. Ctrl+K finds every command by its name.</source>
        <translation>将焦点移到某个字段后按 F1 查看其帮助。Ctrl+K 可按名称查找任何命令。</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>还没有</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Run %1 %2</source>
        <translation>运行 %1 %2</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>显示 %1</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Train %1 now</source>
        <translation>立即训练 %1</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>打开 %1</translation>
    </message>
    <message>
        <source>&amp;Home</source>
        <translation>主页(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Data</source>
        <translation>数据(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>模型(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>训练(&amp;T)</translation>
    </message>
    <message>
        <source>De&amp;ploy</source>
        <translation>部署(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Recent projects</source>
        <translation>最近的项目(&amp;R)</translation>
    </message>
    <message>
        <source>Them&amp;e</source>
        <translation>主题(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Open data…</source>
        <translation>打开数据(&amp;O)…</translation>
    </message>
    <message>
        <source>Open a &amp;folder of data…</source>
        <translation>打开数据文件夹(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;New empty project…</source>
        <translation>新建空项目(&amp;N)…</translation>
    </message>
    <message>
        <source>Open &amp;project…</source>
        <translation>打开项目(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Close project</source>
        <translation>关闭项目(&amp;C)</translation>
    </message>
    <message>
        <source>Pr&amp;eferences…</source>
        <translation>首选项(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Copy the training as a command</source>
        <translation>将训练复制为命令(&amp;C)</translation>
    </message>
    <message>
        <source>Copy the data &amp;inspection as a command</source>
        <translation>将数据检查复制为命令(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Inspector</source>
        <translation>检查器(&amp;I)</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>跟随系统(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>深色(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Commands</source>
        <translation>命令(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Help for the control in focus</source>
        <translation>当前控件的帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;What this machine has…</source>
        <translation>本机配置(&amp;W)…</translation>
    </message>
    <message>
        <source>&amp;Save a report for a bug…</source>
        <translation>保存错误报告(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation>键盘快捷键(&amp;K)…</translation>
    </message>
    <message>
        <source>&amp;About Lathe</source>
        <translation>关于 Lathe(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Undo: %1</source>
        <translation>撤销(&amp;U)：%1</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Redo: %1</source>
        <translation>重做(&amp;R)：%1</translation>
    </message>
    <message>
        <source>&amp;Resume run %1</source>
        <translation>继续运行 %1(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>继续(&amp;R)</translation>
    </message>
    <message>
        <source>Save a report for a bug</source>
        <translation>保存错误报告</translation>
    </message>
    <message>
        <source>Report saved</source>
        <translation>报告已保存</translation>
    </message>
    <message>
        <source>The report is in %1.</source>
        <translation>报告位于 %1。</translation>
    </message>
    <message>
        <source>Read it before you send it: it names files, columns and settings, but holds no data. Lathe itself sends nothing anywhere.</source>
        <translation>发送前请先阅读：其中有文件名、列名和设置，但不含数据。Lathe 自身不会发送任何内容。</translation>
    </message>
    <message>
        <source>Open a folder of images, of sound or of IDX files</source>
        <translation>打开图像、声音或 IDX 文件的文件夹</translation>
    </message>
    <message>
        <source>&amp;Search</source>
        <translation>搜索(&amp;S)</translation>
    </message>
    <message>
        <source>S&amp;earch</source>
        <translation>搜索(&amp;E)</translation>
    </message>
    <message>
        <source>Pa&amp;use the search</source>
        <translation>暂停搜索(&amp;U)</translation>
    </message>
    <message>
        <source>Resu&amp;me the search</source>
        <translation>继续搜索(&amp;M)</translation>
    </message>
    <message>
        <source>St&amp;op the search</source>
        <translation>停止搜索(&amp;O)</translation>
    </message>
    <message>
        <source>Copy the s&amp;earch as a command</source>
        <translation>将搜索复制为命令(&amp;E)</translation>
    </message>
    <message>
        <source>Start a search over the open settings</source>
        <translation>对开放的设置开始搜索</translation>
    </message>
    <message>
        <source>Pause study %1</source>
        <translation>暂停研究 %1</translation>
    </message>
    <message>
        <source>This study does not run</source>
        <translation>此研究未在运行</translation>
    </message>
    <message>
        <source>Start a search for an architecture</source>
        <translation>开始搜索架构</translation>
    </message>
    <message>
        <source>&amp;Autopilot</source>
        <translation>Autopilot(&amp;A)</translation>
    </message>
    <message>
        <source>Start the &amp;Autopilot</source>
        <translation>启动 Autopilot(&amp;A)</translation>
    </message>
    <message>
        <source>Stop the Autopilot and &amp;keep the best</source>
        <translation>停止 Autopilot 并保留最佳(&amp;K)</translation>
    </message>
    <message>
        <source>As it is set up on its page</source>
        <translation>按其页面上的设置</translation>
    </message>
    <message>
        <source>The best so far is made into a model</source>
        <translation>把目前最佳的结果做成模型</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ModelInspector</name>
    <message>
        <source>Template</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>Whole network</source>
        <translation>整个网络</translation>
    </message>
    <message>
        <source>By the data</source>
        <translation>由数据决定</translation>
    </message>
    <message>
        <source>Edited by hand</source>
        <translation>手动编辑</translation>
    </message>
    <message>
        <source>By the data: %1</source>
        <translation>由数据决定：%1</translation>
    </message>
    <message>
        <source>The layers in the table are what is trained. Choosing a template replaces them; Undo brings them back.</source>
        <translation>将按表中的层训练。选择模板会替换它们；“撤销”可以恢复。</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>kind of a layer, its name</comment>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>This layer</source>
        <translation>此层</translation>
    </message>
    <message>
        <source>Choose a layer in the table to see and change what it does.</source>
        <translation>在表中选择一层，查看并更改它的作用。</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Forward, one row</source>
        <translation>前向，每行</translation>
    </message>
    <message>
        <source>Kept for the backward pass</source>
        <translation>为反向传播保留</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Size of the weights</source>
        <translation>权重大小</translation>
    </message>
    <message>
        <source>Activations, batch %1</source>
        <translation>激活值，批大小 %1</translation>
    </message>
    <message>
        <source>Activations, one row</source>
        <translation>激活值，每行</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Memory in training</source>
        <translation>训练所需内存</translation>
    </message>
    <message>
        <source>What a training with batches of %1 takes beyond the data: weights, gradients, the optimiser&apos;s state, copies for checkpoints, activations. A training that cannot fit is not begun.</source>
        <translation>批大小为 %1 的训练在数据之外占用的内存：权重、梯度、优化器状态、检查点副本和激活值。放不下的训练不会开始。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ModelPage</name>
    <message>
        <source>No network yet</source>
        <translation>还没有网络</translation>
    </message>
    <message>
        <source>A template sizes itself to the data: open some first.</source>
        <translation>模板会根据数据确定大小：请先打开数据。</translation>
    </message>
    <message>
        <source>Go to the data</source>
        <translation>转到数据</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n 层</numerusform>
        </translation>
    </message>
    <message>
        <source>Shapes fit from the input to the loss</source>
        <translation>从输入到损失，形状全部匹配</translation>
    </message>
    <message>
        <source>Move the layer up (Alt+Up)</source>
        <translation>上移此层 (Alt+Up)</translation>
    </message>
    <message>
        <source>Move the layer down (Alt+Down)</source>
        <translation>下移此层 (Alt+Down)</translation>
    </message>
    <message>
        <source>Remove the layer (Del)</source>
        <translation>移除此层 (Del)</translation>
    </message>
    <message>
        <source>Layers of the network</source>
        <translation>网络的层</translation>
    </message>
    <message>
        <source>Double click or F2 changes a name, the attributes or the inputs; Alt with an arrow moves a layer; Del removes it. Every change can be undone.</source>
        <translation>双击或按 F2 更改名称、属性或输入；Alt 加方向键移动层；Del 移除层。所有更改都可以撤销。</translation>
    </message>
    <message numerus="yes">
        <source>%1 parameter(s)</source>
        <translation>
            <numerusform>%1 个参数</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::OwnTrialDialog</name>
    <message>
        <source>Try your own configuration</source>
        <translation>尝试自己的配置</translation>
    </message>
    <message>
        <source>Try it next</source>
        <translation>接下来尝试</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ParallelPlot</name>
    <message>
        <source>Trial %1</source>
        <translation>试验 %1</translation>
    </message>
    <message>
        <source>&amp;Take the brushes away</source>
        <translation>移除刷选(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Copy picture</source>
        <translation>复制图片(&amp;C)</translation>
    </message>
    <message>
        <source>Save as &amp;PNG…</source>
        <translation>另存为 PNG(&amp;P)…</translation>
    </message>
    <message>
        <source>PNG picture (*.png)</source>
        <translation>PNG 图片 (*.png)</translation>
    </message>
    <message>
        <source>Save as &amp;SVG…</source>
        <translation>另存为 SVG(&amp;S)…</translation>
    </message>
    <message>
        <source>SVG drawing (*.svg)</source>
        <translation>SVG 矢量图 (*.svg)</translation>
    </message>
    <message>
        <source>Save points as CS&amp;V…</source>
        <translation>将数据点另存为 CSV(&amp;V)…</translation>
    </message>
    <message>
        <source>CSV table (*.csv)</source>
        <translation>CSV 表格 (*.csv)</translation>
    </message>
    <message>
        <source>%1 could not be written. Choose a folder that you may write to.</source>
        <translation>无法写入 %1。请选择可写入的文件夹。</translation>
    </message>
    <message>
        <source>best 10 %</source>
        <translation>最佳 10 %</translation>
    </message>
</context>
<context>
    <name>lathe::ui::PlotWidget</name>
    <message>
        <source>Follow</source>
        <translation>跟随</translation>
    </message>
    <message>
        <source>Go back to the end of the curve and stay there</source>
        <translation>回到曲线末端并保持在那里</translation>
    </message>
    <message>
        <source>Follow the end of the curve</source>
        <translation>跟随曲线末端</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>适应窗口(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Logarithmic values</source>
        <translation>对数值(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Copy picture</source>
        <translation>复制图片(&amp;C)</translation>
    </message>
    <message>
        <source>Save as &amp;PNG…</source>
        <translation>另存为 PNG(&amp;P)…</translation>
    </message>
    <message>
        <source>PNG picture (*.png)</source>
        <translation>PNG 图片 (*.png)</translation>
    </message>
    <message>
        <source>Save as &amp;SVG…</source>
        <translation>另存为 SVG(&amp;S)…</translation>
    </message>
    <message>
        <source>SVG drawing (*.svg)</source>
        <translation>SVG 矢量图 (*.svg)</translation>
    </message>
    <message>
        <source>Save as P&amp;DF…</source>
        <translation>另存为 PDF(&amp;D)…</translation>
    </message>
    <message>
        <source>PDF document (*.pdf)</source>
        <translation>PDF 文档 (*.pdf)</translation>
    </message>
    <message>
        <source>Save points as CS&amp;V…</source>
        <translation>将各点另存为 CSV(&amp;V)…</translation>
    </message>
    <message>
        <source>CSV table (*.csv)</source>
        <translation>CSV 表格 (*.csv)</translation>
    </message>
    <message>
        <source>%1 could not be written. Choose a folder that you may write to.</source>
        <translation>无法写入 %1。请选择有写入权限的文件夹。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::PredictionsModel</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>Row %1: %2, predicted %3 (%4)</source>
        <translation>第 %1 行：%2，预测为 %3（%4）</translation>
    </message>
    <message>
        <source>Row %1: %2. The model says: %3.</source>
        <translation>第 %1 行：%2。模型的判断：%3。</translation>
    </message>
    <message>
        <source>right</source>
        <translation>正确</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>actual</source>
        <translation>实际</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>interval</source>
        <translation>区间</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>差值</translation>
    </message>
</context>
<context>
    <name>lathe::ui::PredictionsPanel</name>
    <message>
        <source>Predictions</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>What a run says of a few validation rows while it trains: choose a run.</source>
        <translation>运行在训练时对几行验证数据的判断：请选择一个运行。</translation>
    </message>
    <message>
        <source>The first predictions come at the end of the first epoch.</source>
        <translation>第一轮结束时会有第一批预测。</translation>
    </message>
    <message>
        <source>Run %1 kept no predictions: it ended before its first epoch did, or it has no validation rows.</source>
        <translation>运行 %1 没有保留预测：它在第一轮结束之前就结束了，或者没有验证行。</translation>
    </message>
    <message numerus="yes">
        <source>run %1, after epoch %2: %n validation row(s)</source>
        <translation>
            <numerusform>运行 %1，第 %2 轮之后：%n 行验证数据</numerusform>
        </translation>
    </message>
    <message>
        <source>, %1 inside their interval</source>
        <translation>，%1 行在区间之内</translation>
    </message>
    <message>
        <source>, %1 right</source>
        <translation>，%1 行正确</translation>
    </message>
</context>
<context>
    <name>lathe::ui::PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>首选项</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>by the model&apos;s size</source>
        <translation>由模型大小决定</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>How many threads a training in a new project uses</source>
        <translation>新项目中训练使用的线程数</translation>
    </message>
    <message>
        <source>At the start</source>
        <translation>启动时</translation>
    </message>
    <message>
        <source>Whether the last project is opened again when Lathe starts</source>
        <translation>Lathe 启动时是否重新打开上次的项目</translation>
    </message>
    <message>
        <source>Open the last project</source>
        <translation>打开上次的项目</translation>
    </message>
    <message>
        <source>The number of threads goes into new projects. A project that exists keeps its own, under Machine on the Train page.</source>
        <translation>线程数用于新项目。已有项目保留自己的设置，见“训练”页的“机器”部分。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::RateDialog</name>
    <message>
        <source>Find a learning rate</source>
        <translation>寻找学习率</translation>
    </message>
    <message>
        <source>One short training in which the learning rate grows with each batch. A good rate lies where the loss falls fastest, well before it rises. Click the curve to choose another one.</source>
        <translation>一次短训练，学习率随每个批次增大。合适的学习率位于损失下降最快之处，远在其上升之前。点击曲线可另选一个。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message numerus="yes">
        <source>Measuring: %n batch(es) so far.</source>
        <translation>
            <numerusform>正在测量：已完成 %n 个批次。</numerusform>
        </translation>
    </message>
    <message>
        <source>The loss fell at no rate: look at the data, or try another model.</source>
        <translation>在任何学习率下损失都没有下降：请检查数据，或换一个模型。</translation>
    </message>
    <message>
        <source>Chosen: %1. The suggestion is %2.</source>
        <translation>已选：%1。建议值为 %2。</translation>
    </message>
    <message>
        <source>Suggestion: %1, where the loss falls fastest.</source>
        <translation>建议：%1，此处损失下降最快。</translation>
    </message>
    <message>
        <source>Use %1</source>
        <translation>使用 %1</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Use a found rate</source>
        <translation>使用找到的学习率</translation>
    </message>
    <message>
        <source>The learning rate of run %1</source>
        <translation>运行 %1 的学习率</translation>
    </message>
    <message>
        <source>Run again</source>
        <translation>重新运行</translation>
    </message>
    <message>
        <source>Measured %1.</source>
        <translation>测量于 %1。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::RatePlot</name>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Training loss</source>
        <translation>训练损失</translation>
    </message>
    <message>
        <source>Loss over the learning rate</source>
        <translation>损失随学习率的变化</translation>
    </message>
    <message>
        <source>Nothing was measured yet.</source>
        <translation>尚未测量。</translation>
    </message>
    <message>
        <source>The smoothed loss is lowest, %1, at a learning rate of %2.</source>
        <translation>平滑后的损失在学习率 %2 处最低，为 %1。</translation>
    </message>
    <message>
        <source>Chosen: %1.</source>
        <translation>已选：%1。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::RecentList</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Take off this list</source>
        <translation>从列表中移除</translation>
    </message>
</context>
<context>
    <name>lathe::ui::RetrainDialog</name>
    <message>
        <source>Train %1 on new data</source>
        <translation>用新数据训练 %1</translation>
    </message>
    <message>
        <source>Train and compare</source>
        <translation>训练并比较</translation>
    </message>
    <message>
        <source>The same experiment is trained on this file. Both models then answer rows of it that were held out; the new one is served only if it is no worse. Else the version that is served stays, and the history says why.</source>
        <translation>同一实验会在此文件上训练，然后两个模型回答其中留出的行；新模型只有在不差时才会提供服务。否则正在服务的版本保持不变，历史记录会说明原因。</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>选择文件</translation>
    </message>
    <message>
        <source>New data</source>
        <translation>新数据</translation>
    </message>
    <message>
        <source>any</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Labelled rows with the same columns</source>
        <translation>列相同的带标签行</translation>
    </message>
    <message>
        <source>Latency limit</source>
        <translation>延迟限制</translation>
    </message>
    <message>
        <source>Milliseconds that a row may take; empty: any</source>
        <translation>每行允许的毫秒数；留空则不限</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Where the server wants one; it is not kept</source>
        <translation>服务器需要时填写；不会保存</translation>
    </message>
    <message>
        <source>There is no such file.</source>
        <translation>没有这个文件。</translation>
    </message>
    <message>
        <source>The latency limit is a number of milliseconds above 0.</source>
        <translation>延迟限制应为大于 0 的毫秒数。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::RunNote</name>
    <message numerus="yes">
        <source>%1: the best of %n setting(s) tried.</source>
        <translation>
            <numerusform>%1：在尝试的 %n 个设置中最好。</numerusform>
        </translation>
    </message>
    <message>
        <source>Was stopped while it chose its settings.</source>
        <translation>在选择设置时被停止。</translation>
    </message>
    <message>
        <source>Its learning rate, %1, was found on a curve measured %2.</source>
        <translation>其学习率 %1 取自 %2 测量的曲线。</translation>
    </message>
    <message>
        <source>Run %1</source>
        <translation>运行 %1</translation>
    </message>
    <message>
        <source>Show the curve</source>
        <translation>显示曲线</translation>
    </message>
    <message>
        <source>Show trials</source>
        <translation>显示尝试</translation>
    </message>
</context>
<context>
    <name>lathe::ui::RunsModel</name>
    <message>
        <source>run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>state</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>started</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>choosing</source>
        <translation>选择中</translation>
    </message>
</context>
<context>
    <name>lathe::ui::SampleCard</name>
    <message>
        <source>from the package %1</source>
        <translation>来自软件包 %1</translation>
    </message>
    <message>
        <source>Not installed. Install it with:</source>
        <translation>未安装。安装命令：</translation>
    </message>
    <message>
        <source>Train now</source>
        <translation>立即训练</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>Train %1 now</source>
        <translation>立即训练 %1</translation>
    </message>
    <message>
        <source>Copy the command that installs %1</source>
        <translation>复制安装 %1 的命令</translation>
    </message>
    <message>
        <source>Look at the data</source>
        <translation>查看数据</translation>
    </message>
    <message>
        <source>Look at the data of %1</source>
        <translation>查看 %1 的数据</translation>
    </message>
    <message>
        <source>Choose weights…</source>
        <translation>选择权重…</translation>
    </message>
    <message>
        <source>Choose a weights file for %1 and train it</source>
        <translation>为 %1 选择权重文件并训练</translation>
    </message>
</context>
<context>
    <name>lathe::ui::SamplesModel</name>
    <message>
        <source>Not installed. Install it with: %1</source>
        <translation>未安装。安装命令：%1</translation>
    </message>
</context>
<context>
    <name>lathe::ui::SearchBest</name>
    <message>
        <source>best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>tie</source>
        <translation>持平</translation>
    </message>
    <message>
        <source>worse</source>
        <translation>较差</translation>
    </message>
    <message>
        <source>Make it the experiment</source>
        <translation>设为实验</translation>
    </message>
    <message>
        <source>Writes the model and the training settings of this trial into the experiment; Undo brings the old ones back</source>
        <translation>将此试验的模型和训练设置写入实验；撤销可恢复原来的设置</translation>
    </message>
    <message>
        <source>Open its run</source>
        <translation>打开其运行</translation>
    </message>
    <message>
        <source>Trials that were trained again</source>
        <translation>重新训练的试验</translation>
    </message>
    <message>
        <source>Pareto front</source>
        <translation>帕累托前沿</translation>
    </message>
    <message>
        <source>Winner</source>
        <translation>胜者</translation>
    </message>
    <message>
        <source>Best so far</source>
        <translation>目前最佳</translation>
    </message>
    <message>
        <source>Trial %1</source>
        <translation>试验 %1</translation>
    </message>
    <message>
        <source>On the test rows, looked at once: %1 %2.</source>
        <translation>在只看过一次的测试行上：%1 %2。</translation>
    </message>
    <message>
        <source>95 % interval of the loss of a validation row: %1 to %2</source>
        <translation>单个验证行损失的 95 % 区间：%1 至 %2</translation>
    </message>
    <message numerus="yes">
        <source>%n trial(s) that no other one beats in all goals.</source>
        <translation>
            <numerusform>%n 个试验在所有目标上都不被其他试验超越。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n 层</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 个参数</translation>
    </message>
    <message>
        <source>%1 a row</source>
        <translation>每行 %1</translation>
    </message>
    <message>
        <source>95 % interval of the loss of a held-out row: %1 to %2</source>
        <translation>单个留出行损失的 95 % 区间：%1 至 %2</translation>
    </message>
    <message numerus="yes">
        <source>%1 %2, mean of %n seed(s)</source>
        <translation>
            <numerusform>%1 %2，%n 个种子的平均值</numerusform>
        </translation>
    </message>
    <message>
        <source>error rate</source>
        <translation>错误率</translation>
    </message>
    <message>
        <source>log loss</source>
        <translation>对数损失</translation>
    </message>
    <message>
        <source>absolute error</source>
        <translation>绝对误差</translation>
    </message>
    <message>
        <source>squared error</source>
        <translation>平方误差</translation>
    </message>
    <message>
        <source>losses</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>the held-out rows of the folds</source>
        <translation>各折的留出行</translation>
    </message>
    <message>
        <source>the validation rows</source>
        <translation>验证行</translation>
    </message>
    <message numerus="yes">
        <source>Trials %1 are tied: over %n new seed(s) and %2 the difference of their %3 may be chance.</source>
        <translation>
            <numerusform>试验 %1 不分高下：在 %n 个新种子和%2上，它们的%3之差可能是偶然。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Trial %1 is better than the others that were trained again: over %n new seed(s) and %2 the difference of their %3 is more than chance (95 %).</source>
        <translation>
            <numerusform>试验 %1 优于其他重新训练的试验：在 %n 个新种子和%2上，它们的%3之差并非偶然（95 %）。</numerusform>
        </translation>
    </message>
    <message>
        <source>The goal itself is no mean over rows, so it is not tested.</source>
        <translation>目标本身不是各行的平均值，因此未作检验。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::SearchHead</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Trials stop at the next step with a checkpoint; Resume goes on from there</source>
        <translation>试验在下一步保存检查点后停止；“继续”从那里接着进行</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Goes on where the study stopped</source>
        <translation>从研究停止处继续</translation>
    </message>
    <message>
        <source>Search on…</source>
        <translation>继续搜索…</translation>
    </message>
    <message>
        <source>More trials for this study</source>
        <translation>为此研究增加试验</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Ends the study; what was found so far is kept</source>
        <translation>结束研究；目前的发现会保留</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>how many trials, their state</comment>
        <translation>%1 个%2</translation>
    </message>
    <message>
        <source>Show only these trials in the table</source>
        <translation>表格中只显示这些试验</translation>
    </message>
    <message>
        <source>The search is made ready: %1</source>
        <translation>正在准备搜索：%1</translation>
    </message>
    <message>
        <source>The search is made ready</source>
        <translation>正在准备搜索</translation>
    </message>
    <message>
        <source>A search varies the open settings and shows here what it finds.</source>
        <translation>搜索会改变开放的设置，并在此显示其发现。</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>%1 so far</source>
        <translation>已用 %1</translation>
    </message>
    <message>
        <source>No study yet</source>
        <translation>尚无研究</translation>
    </message>
    <message>
        <source>Trials %1 of %2</source>
        <translation>试验 %1 / %2</translation>
    </message>
    <message>
        <source>Trials %1</source>
        <translation>试验 %1</translation>
    </message>
    <message>
        <source>Search on in study %1</source>
        <translation>在研究 %1 中继续搜索</translation>
    </message>
    <message>
        <source>Trials in all</source>
        <translation>试验总数</translation>
    </message>
    <message>
        <source>the best are trained from scratch, %1 done</source>
        <translation>正在从头训练最佳架构，已完成 %1</translation>
    </message>
    <message>
        <source>the best are trained again with other seeds, %1 done</source>
        <translation>正在用其他种子重新训练最佳试验，已完成 %1</translation>
    </message>
</context>
<context>
    <name>lathe::ui::SearchPage</name>
    <message>
        <source>Copy the search as a command</source>
        <translation>将搜索复制为命令</translation>
    </message>
    <message>
        <source>The commands for a shell that make the same search</source>
        <translation>进行同样搜索的命令行</translation>
    </message>
    <message>
        <source>Try your own configuration…</source>
        <translation>尝试自己的配置…</translation>
    </message>
    <message>
        <source>The study tries it next</source>
        <translation>研究接下来会尝试它</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Studies of the project</source>
        <translation>项目的研究</translation>
    </message>
    <message>
        <source>Which study is shown</source>
        <translation>显示哪个研究</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Study %1</source>
        <translation>研究 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n studies</source>
        <translation>
            <numerusform>%n 个研究</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 %2, %3, %n trial(s), %4</source>
        <comment>number, name, state, when</comment>
        <translation>
            <numerusform>%1 %2，%3，%n 个试验，%4</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Remove study %1</source>
        <translation>移除研究 %1(&amp;R)</translation>
    </message>
    <message>
        <source>Study %1 removed.</source>
        <translation>已移除研究 %1。</translation>
    </message>
    <message>
        <source>architectures</source>
        <translation>架构</translation>
    </message>
</context>
<context>
    <name>lathe::ui::SearchPictures</name>
    <message numerus="yes">
        <source>%n brushed</source>
        <translation>
            <numerusform>已刷选 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Take the brushes away and show all trials</source>
        <translation>移除刷选并显示所有试验</translation>
    </message>
    <message>
        <source>Appears when the first trial has completed.</source>
        <translation>首个试验完成后显示。</translation>
    </message>
    <message>
        <source>Pictures of the study</source>
        <translation>研究的图</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Trials</source>
        <translation>试验</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>切片</translation>
    </message>
    <message>
        <source>Contour</source>
        <translation>等高线</translation>
    </message>
    <message>
        <source>Ranks</source>
        <translation>排名</translation>
    </message>
    <message>
        <source>Distribution</source>
        <translation>分布</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Goals</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Each setting against the goal</source>
        <translation>每个设置与目标的关系</translation>
    </message>
    <message>
        <source>Two settings, and the goal as colour</source>
        <translation>两个设置，目标以颜色表示</translation>
    </message>
    <message>
        <source>Two settings, and the rank of each trial as colour</source>
        <translation>两个设置，每个试验的排名以颜色表示</translation>
    </message>
    <message>
        <source>Which share of the trials came how far</source>
        <translation>多大比例的试验达到何种程度</translation>
    </message>
    <message>
        <source>When each trial ran, and beside which others</source>
        <translation>每个试验何时运行，与哪些同时</translation>
    </message>
    <message>
        <source>Pareto front and hypervolume</source>
        <translation>帕累托前沿与超体积</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Intermediate values</source>
        <translation>中间值</translation>
    </message>
    <message>
        <source>Importance</source>
        <translation>重要性</translation>
    </message>
    <message>
        <source>Distribution of the values</source>
        <translation>值的分布</translation>
    </message>
    <message>
        <source>Pareto front</source>
        <translation>帕累托前沿</translation>
    </message>
    <message>
        <source>Hypervolume</source>
        <translation>超体积</translation>
    </message>
    <message>
        <source>Press Search: each trial then appears here.</source>
        <translation>按“搜索”：之后每个试验都显示在此。</translation>
    </message>
    <message>
        <source>Parallel coordinates</source>
        <translation>平行坐标</translation>
    </message>
    <message>
        <source>importance: fANOVA</source>
        <translation>重要性：fANOVA</translation>
    </message>
    <message>
        <source>importance: PED-ANOVA</source>
        <translation>重要性：PED-ANOVA</translation>
    </message>
    <message>
        <source>What moves the value, anywhere in the space, by a random forest</source>
        <translation>由随机森林得出的、在整个空间中影响值的因素</translation>
    </message>
    <message>
        <source>What matters for being among the best tenth</source>
        <translation>对进入最佳十分之一重要的因素</translation>
    </message>
    <message>
        <source>averaged</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>between trials</source>
        <translation>试验之间</translation>
    </message>
    <message>
        <source>What a random forest says when all other settings are averaged away</source>
        <translation>将其他设置平均后随机森林的结果</translation>
    </message>
    <message>
        <source>Interpolated between the trials, with whatever else they had</source>
        <translation>在试验之间插值，不论其他设置如何</translation>
    </message>
    <message>
        <source>goal: %1</source>
        <translation>目标：%1</translation>
    </message>
    <message>
        <source>Setting to the right</source>
        <translation>横轴设置</translation>
    </message>
    <message>
        <source>Setting upwards</source>
        <translation>纵轴设置</translation>
    </message>
    <message>
        <source>Trial %1</source>
        <translation>试验 %1</translation>
    </message>
    <message>
        <source>score: %1</source>
        <translation>评分：%1</translation>
    </message>
    <message>
        <source>Family tree</source>
        <translation>家谱</translation>
    </message>
    <message>
        <source>Score before training</source>
        <translation>训练前评分</translation>
    </message>
    <message>
        <source>Architectures</source>
        <translation>架构</translation>
    </message>
    <message>
        <source>Who descends from whom, and the network of a trial</source>
        <translation>谁是谁的后代，以及试验的网络</translation>
    </message>
    <message>
        <source>Child of trial %1</source>
        <translation>试验 %1 的子代</translation>
    </message>
    <message>
        <source>Goal to the right</source>
        <translation>向右的目标</translation>
    </message>
    <message>
        <source>Goal upwards</source>
        <translation>向上的目标</translation>
    </message>
    <message>
        <source>Shared network</source>
        <translation>共享网络</translation>
    </message>
</context>
<context>
    <name>lathe::ui::SearchSettings</name>
    <message>
        <source>How</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>Goal</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Goal %1</source>
        <translation>目标 %1</translation>
    </message>
    <message>
        <source>What the search makes as good as it can</source>
        <translation>搜索要尽量做好的指标</translation>
    </message>
    <message>
        <source>Several goals give a Pareto front: trials that nothing beats in all of them</source>
        <translation>多个目标给出帕累托前沿：在所有目标上都不被超越的试验</translation>
    </message>
    <message>
        <source>Change the direction</source>
        <translation>更改方向</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Change the goal</source>
        <translation>更改目标</translation>
    </message>
    <message>
        <source>Sampler</source>
        <translation>采样器</translation>
    </message>
    <message>
        <source>Who proposes the next configuration</source>
        <translation>由谁提议下一个配置</translation>
    </message>
    <message>
        <source>Pruner</source>
        <translation>剪枝器</translation>
    </message>
    <message>
        <source>Who stops hopeless trials early</source>
        <translation>由谁提前停止无望的试验</translation>
    </message>
    <message>
        <source>Change the sampler</source>
        <translation>更改采样器</translation>
    </message>
    <message>
        <source>Change the pruner</source>
        <translation>更改剪枝器</translation>
    </message>
    <message>
        <source>Trials</source>
        <translation>试验</translation>
    </message>
    <message>
        <source>How many in all; empty: as many as the time allows</source>
        <translation>总数；留空：时间允许多少就多少</translation>
    </message>
    <message>
        <source>by the time</source>
        <translation>按时间</translation>
    </message>
    <message>
        <source>Change the number of trials</source>
        <translation>更改试验数</translation>
    </message>
    <message>
        <source>Time limit</source>
        <translation>时间限制</translation>
    </message>
    <message>
        <source>The search stops by then; trials that run are paused</source>
        <translation>搜索届时停止；运行中的试验会暂停</translation>
    </message>
    <message>
        <source>min</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>Change the time limit</source>
        <translation>更改时间限制</translation>
    </message>
    <message>
        <source>At a time</source>
        <translation>同时</translation>
    </message>
    <message>
        <source>Trials that are trained side by side</source>
        <translation>同时训练的试验数</translation>
    </message>
    <message>
        <source>one a core</source>
        <translation>每核一个</translation>
    </message>
    <message>
        <source>Change the workers</source>
        <translation>更改工作线程数</translation>
    </message>
    <message>
        <source>First rung</source>
        <translation>首个档位</translation>
    </message>
    <message>
        <source>Epochs that every trial is given before it may be stopped</source>
        <translation>每个试验在可被停止之前的轮次</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Change the first rung</source>
        <translation>更改首个档位</translation>
    </message>
    <message>
        <source>Folds</source>
        <translation>折数</translation>
    </message>
    <message>
        <source>Cross-validation: each trial is trained so many times, on other rows each, and judged by the mean; empty: by the validation rows</source>
        <translation>交叉验证：每个试验训练这么多次，每次用不同的行，按均值评判；留空：按验证行评判</translation>
    </message>
    <message>
        <source>Change the folds</source>
        <translation>更改折数</translation>
    </message>
    <message>
        <source>Confirm the best</source>
        <translation>确认最佳</translation>
    </message>
    <message>
        <source>So many of the best are trained again with other seeds before one is called the winner</source>
        <translation>宣布胜者之前，用其他种子重新训练这么多个最佳试验</translation>
    </message>
    <message>
        <source>Change what is confirmed</source>
        <translation>更改确认内容</translation>
    </message>
    <message>
        <source>With seeds</source>
        <translation>种子数</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>The same seed gives the same proposals</source>
        <translation>相同种子给出相同提议</translation>
    </message>
    <message>
        <source>Change the seed</source>
        <translation>更改种子</translation>
    </message>
    <message>
        <source>Repeatable</source>
        <translation>可重复</translation>
    </message>
    <message>
        <source>The same study whatever the number of workers; proposals look a few trials behind for it</source>
        <translation>不论工作线程数，研究都相同；为此提议会滞后几个试验</translation>
    </message>
    <message>
        <source>Change how repeatable it is</source>
        <translation>更改可重复性</translation>
    </message>
    <message>
        <source>End early</source>
        <translation>提前结束</translation>
    </message>
    <message>
        <source>Ends the study when its best can be beaten by less than the noise of one evaluation</source>
        <translation>当最佳可被超越的幅度小于单次评估的噪声时结束研究</translation>
    </message>
    <message>
        <source>Change when the study ends</source>
        <translation>更改研究何时结束</translation>
    </message>
    <message>
        <source>Larger is better</source>
        <translation>越大越好</translation>
    </message>
    <message>
        <source>Smaller is better</source>
        <translation>越小越好</translation>
    </message>
    <message>
        <source>Search for</source>
        <translation>搜索对象</translation>
    </message>
    <message>
        <source>What the trials differ in</source>
        <translation>各试验的不同之处</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>The values of settings that you open</source>
        <translation>您开放的设置的取值</translation>
    </message>
    <message>
        <source>Architectures</source>
        <translation>架构</translation>
    </message>
    <message>
        <source>The layers of the network and how they are joined</source>
        <translation>网络的层及其连接方式</translation>
    </message>
    <message>
        <source>Change what is searched</source>
        <translation>更改搜索对象</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空间</translation>
    </message>
    <message>
        <source>Which architectures there are</source>
        <translation>有哪些架构</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Who proposes the next architecture</source>
        <translation>由谁提出下一个架构</translation>
    </message>
    <message>
        <source>Change the space</source>
        <translation>更改空间</translation>
    </message>
    <message>
        <source>Change the method</source>
        <translation>更改方法</translation>
    </message>
    <message>
        <source>No architecture with more is tried</source>
        <translation>不尝试参数更多的架构</translation>
    </message>
    <message>
        <source>any</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Change the most parameters</source>
        <translation>更改参数上限</translation>
    </message>
    <message>
        <source>Of one row, forward; a multiply-add counts two. No architecture that needs more is tried</source>
        <translation>单行前向；一次乘加计两次。不尝试需要更多的架构</translation>
    </message>
    <message>
        <source>MFLOP</source>
        <translation>MFLOP</translation>
    </message>
    <message>
        <source>Change the most FLOPs</source>
        <translation>更改 FLOPs 上限</translation>
    </message>
    <message>
        <source>Of one row through the exported model, measured before a trial is trained</source>
        <translation>单行通过导出模型的时间，在训练试验前测量</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>Change the longest latency</source>
        <translation>更改延迟上限</translation>
    </message>
    <message>
        <source>Inherit weights</source>
        <translation>继承权重</translation>
    </message>
    <message>
        <source>A child starts from the weights of its parent that fit, so that a short training tells more</source>
        <translation>子代从父代中可用的权重开始，使短训练更有说服力</translation>
    </message>
    <message>
        <source>Change what is inherited</source>
        <translation>更改继承</translation>
    </message>
    <message>
        <source>Zero-cost scores</source>
        <translation>零成本评分</translation>
    </message>
    <message>
        <source>Scores the untrained network of each trial beside training it; costs one batch</source>
        <translation>训练之外还对每个试验未训练的网络评分；只花一个批次</translation>
    </message>
    <message>
        <source>Change the scores</source>
        <translation>更改评分</translation>
    </message>
    <message>
        <source>Shared network</source>
        <translation>共享网络</translation>
    </message>
    <message>
        <source>Epochs that the network which holds all architectures is trained for</source>
        <translation>包含所有架构的网络训练的轮数</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>Change the shared network</source>
        <translation>更改共享网络</translation>
    </message>
    <message>
        <source>Final training</source>
        <translation>最终训练</translation>
    </message>
    <message>
        <source>Epochs of the trainings from scratch at the end, by which the winner is chosen; automatic: three times those of a trial</source>
        <translation>最后从头训练的轮数，据此选出胜者；自动：试验轮数的三倍</translation>
    </message>
    <message>
        <source>Change the final training</source>
        <translation>更改最终训练</translation>
    </message>
    <message>
        <source>Seeds that each of them is trained with from scratch; 0: the best trial is taken as it is</source>
        <translation>每个从头训练所用的种子数；0：直接采用最佳试验</translation>
    </message>
    <message>
        <source>Parameters up to</source>
        <translation>参数至多</translation>
    </message>
    <message>
        <source>FLOPs up to</source>
        <translation>FLOPs 至多</translation>
    </message>
    <message>
        <source>Latency up to</source>
        <translation>延迟至多</translation>
    </message>
    <message>
        <source>New seeds that each of them is trained with; 1: nothing is trained again</source>
        <translation>每个用多少个新种子重新训练；1：不重新训练</translation>
    </message>
    <message>
        <source>Share that goes on</source>
        <translation>继续的比例</translation>
    </message>
    <message>
        <source>In percent: a trial goes on while it is among this share of the best so far</source>
        <translation>百分比：试验处于目前最好的这一比例之内时继续</translation>
    </message>
    <message>
        <source>After trials</source>
        <translation>起始试验数</translation>
    </message>
    <message>
        <source>Nothing is stopped before so many trials have completed</source>
        <translation>完成这么多试验之前不会停止任何试验</translation>
    </message>
    <message>
        <source>Patience</source>
        <translation>耐心</translation>
    </message>
    <message>
        <source>Epochs without an improvement after which a trial is stopped</source>
        <translation>多少轮没有改进后停止试验</translation>
    </message>
    <message>
        <source>Smallest gain</source>
        <translation>最小改进</translation>
    </message>
    <message>
        <source>Less than this is no improvement</source>
        <translation>小于此值不算改进</translation>
    </message>
    <message>
        <source>At least</source>
        <translation>至少</translation>
    </message>
    <message>
        <source>A trial whose goal falls below this value is stopped</source>
        <translation>目标低于此值的试验会被停止</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>至多</translation>
    </message>
    <message>
        <source>A trial whose goal rises above this value is stopped</source>
        <translation>目标高于此值的试验会被停止</translation>
    </message>
    <message>
        <source>Level of the test</source>
        <translation>检验水平</translation>
    </message>
    <message>
        <source>How likely a trial that is as good as the best may be stopped by mistake</source>
        <translation>与最佳同样好的试验被误停的可能性</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ServedTabs</name>
    <message>
        <source>The chosen deployment</source>
        <translation>所选部署</translation>
    </message>
    <message>
        <source>Try a request</source>
        <translation>试用请求</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>What the model is asked for, beside its training rows</source>
        <translation>模型收到的请求，与训练行对照</translation>
    </message>
    <message>
        <source>Nothing happened yet</source>
        <translation>尚无事件</translation>
    </message>
    <message>
        <source>Promotions, trainings on new data and roll-backs of the chosen deployment are listed here.</source>
        <translation>此处列出所选部署的升级、用新数据的训练与回滚。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ServerFields</name>
    <message>
        <source>empty: lent over HTTP</source>
        <translation>留空：通过 HTTP 传送</translation>
    </message>
    <message>
        <source>Give the server&apos;s address.</source>
        <translation>请给出服务器地址。</translation>
    </message>
    <message>
        <source>This server reads models from a folder: give it.</source>
        <translation>此服务器从文件夹读取模型：请指定。</translation>
    </message>
    <message>
        <source>not at all</source>
        <translation>不部署</translation>
    </message>
    <message>
        <source>Lathe&apos;s own server, here</source>
        <translation>本机上的 Lathe 服务器</translation>
    </message>
    <message>
        <source>Where the model is served when it is ready; it is compared there with what it answered here</source>
        <translation>模型就绪后在何处提供服务；在那里的答案会与这里的比对</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>What kind of server it is</source>
        <translation>服务器的种类</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>TorchServe: its management; TensorFlow Serving and Triton: REST</source>
        <translation>TorchServe：管理地址；TensorFlow Serving 和 Triton：REST</translation>
    </message>
    <message>
        <source>Predictions</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>TorchServe: its inference; TensorFlow Serving: gRPC</source>
        <translation>TorchServe：推理地址；TensorFlow Serving：gRPC</translation>
    </message>
    <message>
        <source>Model store</source>
        <translation>模型库</translation>
    </message>
    <message>
        <source>The server&apos;s folder of models, as this machine sees it</source>
        <translation>本机所见的服务器模型文件夹</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Where the server wants one; it is not kept</source>
        <translation>服务器需要时填写；不会保存</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Of the model there; empty: the run&apos;s name</source>
        <translation>模型在服务器上的名称；留空则用运行名</translation>
    </message>
    <message>
        <source>Deploy</source>
        <translation>部署</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Copy the chosen rows</source>
        <translation>复制所选的行</translation>
    </message>
    <message>
        <source>Rename the run, or edit the cell</source>
        <translation>重命名运行，或编辑单元格</translation>
    </message>
    <message>
        <source>Remove the run or the layer</source>
        <translation>移除运行或层</translation>
    </message>
    <message>
        <source>Open the choices of a cell</source>
        <translation>打开单元格的选项</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Move the layer up</source>
        <translation>上移该层</translation>
    </message>
    <message>
        <source>Move the layer down</source>
        <translation>下移该层</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Zoom in and out</source>
        <translation>放大和缩小</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>Fit, and follow the end</source>
        <translation>适应窗口，并跟随末端</translation>
    </message>
    <message>
        <source>Copy the picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Shift and drag</source>
        <translation>按住 Shift 拖动</translation>
    </message>
    <message>
        <source>Zoom a range</source>
        <translation>放大一个范围</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>双击</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适应窗口</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>任何位置</translation>
    </message>
    <message>
        <source>Close what floats</source>
        <translation>关闭浮动的内容</translation>
    </message>
    <message>
        <source>Go to the next control</source>
        <translation>转到下一个控件</translation>
    </message>
    <message>
        <source>Alt and a letter</source>
        <translation>Alt 加字母</translation>
    </message>
    <message>
        <source>Open a menu, press a button</source>
        <translation>打开菜单，按下按钮</translation>
    </message>
</context>
<context>
    <name>lathe::ui::SpaceEditor</name>
    <message>
        <source>Change the range of %1</source>
        <translation>更改%1的范围</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Lowest</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>The smallest value that is tried</source>
        <translation>尝试的最小值</translation>
    </message>
    <message>
        <source>Highest</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>The largest value that is tried</source>
        <translation>尝试的最大值</translation>
    </message>
    <message>
        <source>Logarithmic</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>Spread evenly by factors: for values whose size is what matters, such as a learning rate</source>
        <translation>按倍数均匀分布：适合量级重要的值，例如学习率</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步长</translation>
    </message>
    <message>
        <source>Only every so much from the lowest value on</source>
        <translation>从最小值起每隔这么多</translation>
    </message>
    <message>
        <source>Keep at</source>
        <translation>固定为</translation>
    </message>
    <message>
        <source>Holds this value for now without closing the setting</source>
        <translation>暂时固定此值而不关闭该设置</translation>
    </message>
    <message>
        <source>Choices</source>
        <translation>选项</translation>
    </message>
    <message>
        <source>Separated by commas; a list stands in brackets: [64, 32]</source>
        <translation>以逗号分隔；列表写在方括号中：[64, 32]</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Holds this choice for now without closing the setting</source>
        <translation>暂时固定此选项而不关闭该设置</translation>
    </message>
    <message>
        <source>always</source>
        <translation>始终</translation>
    </message>
    <message>
        <source>if %1 is %2</source>
        <translation>当%1为 %2</translation>
    </message>
    <message>
        <source>Applies</source>
        <translation>适用</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Ordered choices have neighbours; categories have none</source>
        <translation>有序选项有邻居；类别没有</translation>
    </message>
    <message>
        <source>several values …</source>
        <translation>多个值…</translation>
    </message>
    <message>
        <source>Only while earlier settings of the space have these values</source>
        <translation>仅当空间中前面的设置取这些值时</translation>
    </message>
</context>
<context>
    <name>lathe::ui::SpaceModel</name>
    <message>
        <source>if %1 is %2</source>
        <translation>当%1为 %2</translation>
    </message>
    <message>
        <source>setting</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>range</source>
        <translation>范围</translation>
    </message>
</context>
<context>
    <name>lathe::ui::SpacePanel</name>
    <message>
        <source>Space</source>
        <translation>空间</translation>
    </message>
    <message>
        <source>Settings that are open for the search</source>
        <translation>对搜索开放的设置</translation>
    </message>
    <message>
        <source>Usual ranges</source>
        <translation>常用范围</translation>
    </message>
    <message>
        <source>Opens what is mostly worth searching for this model, learning rate first</source>
        <translation>开放此模型通常值得搜索的设置，学习率优先</translation>
    </message>
    <message>
        <source>Add a setting</source>
        <translation>添加设置</translation>
    </message>
    <message>
        <source>Opens one more setting by its usual range</source>
        <translation>以常用范围再开放一个设置</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Takes the chosen setting out of the search (Del)</source>
        <translation>将所选设置移出搜索（Del）</translation>
    </message>
    <message>
        <source>Nothing is open yet: a search varies the settings that are listed here. Add some, or press the pin beside a setting on the Model and Train pages.</source>
        <translation>尚未开放任何设置：搜索会改变此处列出的设置。请添加，或在模型页和训练页按设置旁的图钉。</translation>
    </message>
    <message numerus="yes">
        <source>%n open setting(s)</source>
        <translation>
            <numerusform>%n 个开放的设置</numerusform>
        </translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>开放%1</translation>
    </message>
    <message>
        <source>Open the usual ranges</source>
        <translation>开放常用范围</translation>
    </message>
    <message>
        <source>Close %1</source>
        <translation>关闭%1</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Everything is open</source>
        <translation>已全部开放</translation>
    </message>
</context>
<context>
    <name>lathe::ui::SpecFormWidget</name>
    <message>
        <source>Change %1</source>
        <translation>更改 %1</translation>
    </message>
    <message>
        <source>Weights (*.pth *.pt *.safetensors *.ckpt)</source>
        <translation>权重 (*.pth *.pt *.safetensors *.ckpt)</translation>
    </message>
    <message>
        <source>Automatic: %1</source>
        <translation>自动：%1</translation>
    </message>
</context>
<context>
    <name>lathe::ui::StatusStrip</name>
    <message>
        <source>Memory %1 of %2</source>
        <translation>内存 %1 / %2</translation>
    </message>
    <message>
        <source>%1 of memory are free</source>
        <translation>可用内存 %1</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n thread(s)</source>
        <translation>
            <numerusform>%1，%n 线程</numerusform>
        </translation>
    </message>
    <message>
        <source>No engine: training is not possible</source>
        <translation>没有引擎：无法训练</translation>
    </message>
    <message>
        <source>Loading the engine</source>
        <translation>正在加载引擎</translation>
    </message>
    <message>
        <source>%1 is slow</source>
        <translation>%1 较慢</translation>
    </message>
    <message>
        <source>Training would be several times faster with another BLAS. Click for the command.</source>
        <translation>换用其他 BLAS，训练可快数倍。单击查看命令。</translation>
    </message>
    <message>
        <source>Copy this command</source>
        <translation>复制此命令</translation>
    </message>
    <message numerus="yes">
        <source>Store: %1 point(s), read-only</source>
        <translation>
            <numerusform>存储：%1 个点，只读</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Store: %1 point(s)</source>
        <translation>
            <numerusform>存储：%1 个点</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lathe::ui::StudyController</name>
    <message>
        <source>Open the usual ranges</source>
        <translation>开放常用范围</translation>
    </message>
</context>
<context>
    <name>lathe::ui::StudyPlot</name>
    <message>
        <source>best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>worst</source>
        <translation>最差</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适应</translation>
    </message>
    <message>
        <source>Show everything again</source>
        <translation>重新显示全部</translation>
    </message>
    <message>
        <source>%1 ± %2 of the importance</source>
        <translation>重要性的 %1 ± %2</translation>
    </message>
    <message>
        <source>Trial %1</source>
        <translation>试验 %1</translation>
    </message>
</context>
<context>
    <name>lathe::ui::StudyTrialsModel</name>
    <message>
        <source>your own configuration</source>
        <translation>自己的配置</translation>
    </message>
    <message>
        <source>trial</source>
        <translation>试验</translation>
    </message>
    <message>
        <source>state</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>folds</source>
        <translation>折</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>note</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>lathe::ui::TableView</name>
    <message>
        <source>not found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>Find in this table</source>
        <translation>在此表中查找</translation>
    </message>
</context>
<context>
    <name>lathe::ui::TrainCurves</name>
    <message>
        <source>step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>x: %1</source>
        <translation>横轴：%1</translation>
    </message>
    <message>
        <source>smoothing %1</source>
        <translation>平滑 %1</translation>
    </message>
    <message>
        <source>smoothing off</source>
        <translation>不平滑</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>log y</source>
        <translation>对数 y</translation>
    </message>
    <message>
        <source>fit</source>
        <translation>适应</translation>
    </message>
    <message>
        <source>Horizontal axis</source>
        <translation>横轴</translation>
    </message>
    <message>
        <source>What the horizontal axis counts</source>
        <translation>横轴的计量方式</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Smooths training curves; the raw ones stay, faint</source>
        <translation>平滑训练曲线；原始曲线以淡色保留</translation>
    </message>
    <message>
        <source>Logarithmic values</source>
        <translation>对数坐标</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适应窗口</translation>
    </message>
    <message>
        <source>Shows every curve whole and follows its end</source>
        <translation>完整显示每条曲线并跟随其末端</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>吞吐量</translation>
    </message>
    <message>
        <source>throughput</source>
        <translation>吞吐量</translation>
    </message>
    <message>
        <source>rows/s</source>
        <translation>行/秒</translation>
    </message>
    <message>
        <source>The loss of the runs you choose appears here while they train.</source>
        <translation>所选运行训练时，其损失显示在这里。</translation>
    </message>
    <message>
        <source>One point an epoch, on rows the model does not learn from.</source>
        <translation>每轮一个点，在模型未学习的行上计算。</translation>
    </message>
    <message>
        <source>What the schedule made of the learning rate.</source>
        <translation>学习率计划给出的学习率。</translation>
    </message>
    <message>
        <source>run %1</source>
        <translation>运行 %1</translation>
    </message>
    <message>
        <source>How many rows a second went through the network. A run that is over in a moment has one point, its mean.</source>
        <translation>每秒经过网络的行数。瞬间结束的运行只有一个点，即其平均值。</translation>
    </message>
    <message>
        <source>images/s</source>
        <translation>张/秒</translation>
    </message>
    <message>
        <source>Metric</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Which metric the second plot shows</source>
        <translation>第二张图显示哪个指标</translation>
    </message>
    <message>
        <source>One point a step, on the rows the model learns from.</source>
        <translation>每步一个点，基于模型学习所用的行。</translation>
    </message>
    <message>
        <source>Logarithmic values for the loss, the learning rate, the gradient and weights</source>
        <translation>损失、学习率、梯度和权重使用对数刻度</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>What the schedule made of the momentum, or of Adam&apos;s beta 1.</source>
        <translation>调度给出的动量，或 Adam 的 beta 1。</translation>
    </message>
    <message>
        <source>Length of the gradient</source>
        <translation>梯度的长度</translation>
    </message>
    <message>
        <source>length of the gradient</source>
        <translation>梯度的长度</translation>
    </message>
    <message>
        <source>Before clipping. It should fall or stay; where it jumps, a smaller learning rate or Clip gradients helps.</source>
        <translation>裁剪之前的长度。它应当下降或保持不变；若出现跳动，请减小学习率或使用“梯度裁剪”。</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>% of all cores</source>
        <translation>占所有核心的 %</translation>
    </message>
    <message>
        <source>Thick: this program. Thin: the whole machine.</source>
        <translation>粗线：本程序。细线：整台机器。</translation>
    </message>
    <message>
        <source>How busy this program and the machine are, once a second.</source>
        <translation>本程序和整台机器的忙碌程度，每秒一次。</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>MB</translation>
    </message>
    <message>
        <source>What this program holds, once a second.</source>
        <translation>本程序占用的内存，每秒一次。</translation>
    </message>
    <message>
        <source>Free memory</source>
        <translation>空闲内存</translation>
    </message>
    <message>
        <source>free memory</source>
        <translation>空闲内存</translation>
    </message>
    <message>
        <source>What the machine could still give, once a second.</source>
        <translation>机器还能提供的内存，每秒一次。</translation>
    </message>
    <message>
        <source>whole machine</source>
        <translation>整台机器</translation>
    </message>
    <message>
        <source>Run %1 chooses its settings first; the curve begins with its first step.</source>
        <translation>运行 %1 先选择设置；曲线从第一步开始。</translation>
    </message>
    <message>
        <source>clips/s</source>
        <translation>段/秒</translation>
    </message>
</context>
<context>
    <name>lathe::ui::TrainInspector</name>
    <message>
        <source>Experiment</source>
        <translation>实验</translation>
    </message>
    <message>
        <source>Experiment: %1</source>
        <translation>实验：%1</translation>
    </message>
    <message>
        <source>Why run %1 has these values</source>
        <translation>运行 %1 为何取这些值</translation>
    </message>
    <message>
        <source>Find a learning rate…</source>
        <translation>寻找学习率…</translation>
    </message>
    <message>
        <source>Trains for a moment with a growing learning rate, shows the loss over it and marks a good one.</source>
        <translation>用逐渐增大的学习率训练片刻，显示损失随之的变化，并标出合适的学习率。</translation>
    </message>
    <message>
        <source>Keep these values</source>
        <translation>保留这些值</translation>
    </message>
    <message>
        <source>Writes the optimiser, learning rate, batch size and epochs that this run chose into the experiment, so that the next training does not choose again. Undo brings the automatic ones back.</source>
        <translation>把本次运行选定的优化器、学习率、批次大小和轮数写入实验，下次训练便不再选择。撤销可恢复自动。</translation>
    </message>
    <message>
        <source>Keep the values of run %1</source>
        <translation>保留运行 %1 的值</translation>
    </message>
</context>
<context>
    <name>lathe::ui::TrainRuns</name>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Filter runs by name, state or tag</source>
        <translation>按名称、状态或标签筛选运行</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>No runs yet</source>
        <translation>还没有运行</translation>
    </message>
    <message>
        <source>Each training becomes a row here, with its curves at the right.</source>
        <translation>每次训练在这里成为一行，右侧是它的曲线。</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Run %1 failed</source>
        <translation>运行 %1 失败</translation>
    </message>
    <message>
        <source>Run %1 was interrupted</source>
        <translation>运行 %1 已中断</translation>
    </message>
    <message>
        <source>Its process ended without a word. Resume goes on from the last checkpoint.</source>
        <translation>其进程意外结束。“继续”从最后一个检查点接着训练。</translation>
    </message>
    <message>
        <source>Try again with %1</source>
        <translation>以 %1 重试</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Change the learning rate</source>
        <translation>更改学习率</translation>
    </message>
    <message>
        <source>Run %1 removed.</source>
        <translation>运行 %1 已移除。</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) removed.</source>
        <translation>
            <numerusform>已移除 %n 个运行。</numerusform>
        </translation>
    </message>
    <message>
        <source>Tags of run %1</source>
        <translation>运行 %1 的标签</translation>
    </message>
    <message>
        <source>Words, separated by commas</source>
        <translation>词语，用逗号分隔</translation>
    </message>
    <message>
        <source>Train run %1 longer</source>
        <translation>延长运行 %1 的训练</translation>
    </message>
    <message>
        <source>Epochs in all</source>
        <translation>总轮数</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Columns of the table of runs</source>
        <translation>运行表的列</translation>
    </message>
    <message>
        <source>Which columns the table of runs shows</source>
        <translation>运行表显示哪些列</translation>
    </message>
    <message>
        <source>Open some data first: each training then becomes a row here.</source>
        <translation>请先打开数据：之后每次训练都会成为这里的一行。</translation>
    </message>
    <message>
        <source>Go to the data</source>
        <translation>转到数据</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>Train &amp;longer…</source>
        <translation>延长训练(&amp;L)…</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>继续(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Copy as command</source>
        <translation>复制为命令(&amp;C)</translation>
    </message>
    <message>
        <source>Re&amp;name</source>
        <translation>重命名(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Tags…</source>
        <translation>标签(&amp;T)…</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>移除(&amp;M)</translation>
    </message>
</context>
<context>
    <name>lathe::ui::TrainTabs</name>
    <message>
        <source>More plots</source>
        <translation>更多图表</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Optimiser</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Predictions</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Learning rate and throughput</source>
        <translation>学习率和吞吐量</translation>
    </message>
    <message>
        <source>Momentum and length of the gradient: what the optimiser works with</source>
        <translation>动量和梯度的长度：优化器所用的量</translation>
    </message>
    <message>
        <source>Processor and memory that the training takes</source>
        <translation>训练占用的处理器和内存</translation>
    </message>
    <message>
        <source>How weights and gradients of a layer are spread, over time</source>
        <translation>一层的权重和梯度随时间的分布</translation>
    </message>
    <message>
        <source>What the model says of a few validation rows, after each epoch</source>
        <translation>每轮之后模型对几行验证数据的判断</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>run %1</source>
        <translation>运行 %1</translation>
    </message>
    <message>
        <source>no run</source>
        <translation>没有运行</translation>
    </message>
    <message>
        <source>Choices</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Settings that were tried before the first step, and the chosen one</source>
        <translation>第一步之前尝试过的设置，以及选中的设置</translation>
    </message>
    <message>
        <source>Whose weights, predictions and choices are shown</source>
        <translation>显示哪个运行的权重、预测和选择</translation>
    </message>
</context>
<context>
    <name>lathe::ui::TrialsModel</name>
    <message numerus="yes">
        <source>%n epoch(s)</source>
        <translation>
            <numerusform>%n 轮</numerusform>
        </translation>
    </message>
    <message>
        <source>batches of %1</source>
        <translation>批大小 %1</translation>
    </message>
    <message>
        <source>%1, learning rate %2</source>
        <translation>%1，学习率 %2</translation>
    </message>
    <message>
        <source>rows/s</source>
        <translation>行/秒</translation>
    </message>
    <message>
        <source>diverged</source>
        <translation>发散</translation>
    </message>
    <message numerus="yes">
        <source>Round %1: mean of %n short training(s) of %2 of the steps.</source>
        <translation>
            <numerusform>第 %1 轮筛选：%n 次短训练的平均，各为总步数的 %2。</numerusform>
        </translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>已选择</translation>
    </message>
    <message>
        <source>With the momentum of SGD, or an unusual beta 2 of Adam and its relatives</source>
        <translation>带 SGD 的动量，或 Adam 及同类优化器的非常用 beta 2</translation>
    </message>
    <message>
        <source>How far it came: each round goes on with the better third, in longer trainings</source>
        <translation>走到了哪一轮：每一轮保留较好的三分之一，训练更久</translation>
    </message>
    <message>
        <source>optimiser</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>batch size</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>round</source>
        <translation>轮次</translation>
    </message>
</context>
<context>
    <name>lathe::ui::TrialsPanel</name>
    <message>
        <source>&amp;Open its run</source>
        <translation>打开其运行(&amp;O)</translation>
    </message>
    <message>
        <source>Train this &amp;longer…</source>
        <translation>延长训练(&amp;L)…</translation>
    </message>
    <message>
        <source>&amp;Make it the experiment</source>
        <translation>设为实验(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Try one like this…</source>
        <translation>尝试类似配置(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Copy the training as a command</source>
        <translation>将训练复制为命令(&amp;C)</translation>
    </message>
    <message>
        <source>Copy the &amp;search as a command</source>
        <translation>将搜索复制为命令(&amp;S)</translation>
    </message>
    <message>
        <source>Train trial %1 longer</source>
        <translation>延长训练试验 %1</translation>
    </message>
    <message>
        <source>Epochs in all. Its value in the study stays what it was.</source>
        <translation>轮次总数。其在研究中的值保持不变。</translation>
    </message>
    <message>
        <source>Make trial %1 the experiment</source>
        <translation>将试验 %1 设为实验</translation>
    </message>
    <message>
        <source>Trials of the study</source>
        <translation>研究的试验</translation>
    </message>
    <message>
        <source>No trials yet</source>
        <translation>尚无试验</translation>
    </message>
    <message>
        <source>Each training that the search makes becomes a row here.</source>
        <translation>搜索进行的每次训练都会成为此处的一行。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::TryPanel</name>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Sends this row to the server that is chosen above</source>
        <translation>把这一行发送到上面选中的服务器</translation>
    </message>
    <message>
        <source>Empty: missing</source>
        <translation>留空：缺失</translation>
    </message>
    <message>
        <source>Asking</source>
        <translation>正在询问</translation>
    </message>
    <message>
        <source>answered in %1 ms</source>
        <translation>%1 毫秒内回答</translation>
    </message>
    <message>
        <source>Sends this picture to the server that is chosen above</source>
        <translation>把这张图片发送到上面所选的服务器</translation>
    </message>
</context>
<context>
    <name>lathe::ui::ValueEditor</name>
    <message>
        <source>A whole number from %1 to %2.</source>
        <translation>%1 到 %2 的整数。</translation>
    </message>
    <message>
        <source>Whole numbers from %1 to %2, separated by commas.</source>
        <translation>%1 到 %2 的整数，用逗号分隔。</translation>
    </message>
    <message>
        <source>A number from %1 to %2.</source>
        <translation>%1 到 %2 的数。</translation>
    </message>
    <message>
        <source>A whole number.</source>
        <translation>整数。</translation>
    </message>
    <message>
        <source>Whole numbers, separated by commas.</source>
        <translation>整数，用逗号分隔。</translation>
    </message>
    <message>
        <source>A number.</source>
        <translation>数值。</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>选择文件</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>A whole number from 1 to %1, or &quot;%2&quot;.</source>
        <translation>1 到 %1 之间的整数，或“%2”。</translation>
    </message>
</context>
<context>
    <name>lathe::ui::WeightsPanel</name>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Gradients</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Which layer&apos;s weights and gradients are shown</source>
        <translation>显示哪一层的权重和梯度</translation>
    </message>
    <message>
        <source>How the values of a layer move while a run trains: choose a run.</source>
        <translation>运行训练时一层的值如何变化：请选择一个运行。</translation>
    </message>
    <message>
        <source>The first histogram comes with the first step.</source>
        <translation>第一步之后会有第一个直方图。</translation>
    </message>
    <message>
        <source>Run %1 kept no histograms. Choose Histograms: Automatic under Machine before you train.</source>
        <translation>运行 %1 没有保留直方图。请在训练之前将“机器”下的“直方图”设为“自动”。</translation>
    </message>
    <message>
        <source>run %1, %2</source>
        <translation>运行 %1，%2</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
</context>
<context>
    <name>lathe::ui::Workbench</name>
    <message>
        <source>Opening %1</source>
        <translation>正在打开 %1</translation>
    </message>
    <message>
        <source>Making %1</source>
        <translation>正在创建 %1</translation>
    </message>
    <message>
        <source>Preparing the sample %1</source>
        <translation>正在准备示例 %1</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>打开示例</translation>
    </message>
</context>
<context>
    <name>layers</name>
    <message>
        <source>Add</source>
        <translation>相加</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Adds its inputs number by number: the shortcut of residual networks.</source>
        <translation>将各输入逐个数相加：残差网络的捷径。</translation>
    </message>
    <message>
        <source>BatchNorm1d</source>
        <translation>BatchNorm1d</translation>
    </message>
    <message>
        <source>Normalise</source>
        <translation>归一化</translation>
    </message>
    <message>
        <source>Epsilon</source>
        <translation>Epsilon</translation>
    </message>
    <message>
        <source>Added to the variance so that nothing is divided by zero; rarely changed.</source>
        <translation>加到方差上以避免除以零；很少更改。</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>How fast the running averages that prediction uses follow the batches.</source>
        <translation>预测所用的滑动平均跟随各批的速度。</translation>
    </message>
    <message>
        <source>BatchNorm2d</source>
        <translation>BatchNorm2d</translation>
    </message>
    <message>
        <source>Brings each channel of a batch of images to mean 0 and variance 1, then scales it: faster and steadier training.</source>
        <translation>使一批图像中每个通道的均值为 0、方差为 1，再缩放：训练更快更稳。</translation>
    </message>
    <message>
        <source>Concat</source>
        <translation>拼接</translation>
    </message>
    <message>
        <source>Puts its inputs side by side: features next to features, channels next to channels.</source>
        <translation>将各输入并排放置：特征接特征，通道接通道。</translation>
    </message>
    <message>
        <source>Conv2d</source>
        <translation>Conv2d</translation>
    </message>
    <message>
        <source>Convolution</source>
        <translation>卷积</translation>
    </message>
    <message>
        <source>Slides small filters over an image: each output channel looks for one local pattern everywhere.</source>
        <translation>让小滤波器在图像上滑动：每个输出通道到处寻找一种局部图案。</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Number of filters, and so of output channels; commonly doubled whenever the image is halved.</source>
        <translation>滤波器的数量，即输出通道数；图像减半时通常加倍。</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>卷积核</translation>
    </message>
    <message>
        <source>Size of the filters in pixels: one number, or height and width. 3 is the usual choice.</source>
        <translation>滤波器的像素大小：一个数，或高和宽。通常为 3。</translation>
    </message>
    <message>
        <source>Stride</source>
        <translation>步幅</translation>
    </message>
    <message>
        <source>Pixels between two positions of a filter; 2 halves the image.</source>
        <translation>滤波器两个位置之间的像素数；2 使图像减半。</translation>
    </message>
    <message>
        <source>Padding</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Zeros added at each edge; -1 adds half the kernel, which keeps the size at stride 1.</source>
        <translation>每边添加的零；-1 添加半个卷积核，步幅为 1 时保持大小。</translation>
    </message>
    <message>
        <source>Dilation</source>
        <translation>膨胀</translation>
    </message>
    <message>
        <source>Pixels between two taps of a filter; above 1 it sees a larger area at the same cost.</source>
        <translation>滤波器相邻取样之间的像素数；大于 1 时以同样代价看到更大区域。</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>组数</translation>
    </message>
    <message>
        <source>Splits the channels into groups that do not see each other; equal to the input channels makes a depthwise convolution.</source>
        <translation>将通道分成互不可见的组；等于输入通道数时为深度卷积。</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>Adds a learnt constant to each channel; not needed right before a normalisation.</source>
        <translation>给每个通道加一个学到的常数；紧接归一化之前不需要。</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>Dropout</translation>
    </message>
    <message>
        <source>Regularise</source>
        <translation>正则化</translation>
    </message>
    <message>
        <source>Sets a random part of the numbers to zero while training, so that no single one is relied on; does nothing when predicting.</source>
        <translation>训练时随机将一部分数置零，避免依赖其中任何一个；预测时不起作用。</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>Part of the numbers that is dropped; raise it when validation gets worse while training still improves.</source>
        <translation>丢弃的比例；训练仍在改善而验证变差时请提高。</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Dense</source>
        <translation>稠密</translation>
    </message>
    <message>
        <source>Learns a short row of numbers for each value of a category, so that similar values can end up close to each other.</source>
        <translation>为类别的每个取值学习一小组数，使相似的取值彼此接近。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Numbers learnt for each value; 0 chooses by the count of values (1.6 times its 0.56th power, at most 50).</source>
        <translation>每个取值学习的数的个数；0 由取值个数决定（1.6 乘以其 0.56 次方，至多 50）。</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>展平</translation>
    </message>
    <message>
        <source>Lays an image out as one row of numbers, so that a Linear layer can read it.</source>
        <translation>将图像排成一行数，供 Linear 层读取。</translation>
    </message>
    <message>
        <source>GELU</source>
        <translation>GELU</translation>
    </message>
    <message>
        <source>A smooth relative of ReLU that lets small negative numbers through; common in transformers.</source>
        <translation>ReLU 的平滑变体，允许小的负数通过；常用于 Transformer。</translation>
    </message>
    <message>
        <source>Global average pool</source>
        <translation>全局平均池化</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>LayerNorm</source>
        <translation>LayerNorm</translation>
    </message>
    <message>
        <source>Brings each row by itself to mean 0 and variance 1, then scales it: does not depend on the batch.</source>
        <translation>使每一行自身的均值为 0、方差为 1，再缩放：与批无关。</translation>
    </message>
    <message>
        <source>Dimensions</source>
        <translation>维数</translation>
    </message>
    <message>
        <source>How many of the last dimensions are normalised together; 1 for tables, 3 for whole images.</source>
        <translation>一起归一化的末尾维数；表格为 1，整幅图像为 3。</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Linear</translation>
    </message>
    <message>
        <source>Every output is a weighted sum of all inputs: the workhorse of networks on tables and the last layer of most others.</source>
        <translation>每个输出是所有输入的加权和：表格网络的主力，也是多数其他网络的最后一层。</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>输出数</translation>
    </message>
    <message>
        <source>How many numbers each row has afterwards; more can express more, cost more and overfit sooner.</source>
        <translation>之后每行有多少个数；越多表达力越强，代价越高，也越易过拟合。</translation>
    </message>
    <message>
        <source>Adds a learnt constant to each output; not needed right before a normalisation.</source>
        <translation>给每个输出加一个学到的常数；紧接归一化之前不需要。</translation>
    </message>
    <message>
        <source>MaxPool2d</source>
        <translation>MaxPool2d</translation>
    </message>
    <message>
        <source>Keeps the largest value of each small window: halves an image and makes small shifts matter less.</source>
        <translation>保留每个小窗口的最大值：图像减半，小的位移影响减小。</translation>
    </message>
    <message>
        <source>Size of the window in pixels: one number, or height and width.</source>
        <translation>窗口的像素大小：一个数，或高和宽。</translation>
    </message>
    <message>
        <source>Pixels between two windows; 0 puts them side by side.</source>
        <translation>两个窗口之间的像素数；0 表示紧邻排列。</translation>
    </message>
    <message>
        <source>Pixels added at each edge, at most half the kernel.</source>
        <translation>每边添加的像素，至多半个窗口。</translation>
    </message>
    <message>
        <source>ReLU</source>
        <translation>ReLU</translation>
    </message>
    <message>
        <source>Sets negative numbers to zero: cheap, and a good first choice.</source>
        <translation>将负数置零：代价低，首选。</translation>
    </message>
    <message>
        <source>Sigmoid</source>
        <translation>Sigmoid</translation>
    </message>
    <message>
        <source>Squeezes numbers into 0 to 1: a soft switch, for gates rather than for hidden layers.</source>
        <translation>将数压缩到 0 至 1：一个软开关，适合作门控，不适合隐藏层。</translation>
    </message>
    <message>
        <source>SiLU</source>
        <translation>SiLU</translation>
    </message>
    <message>
        <source>x times its own sigmoid (also called Swish): smooth, often a little better than ReLU in deeper networks.</source>
        <translation>x 乘以自身的 sigmoid（也称 Swish）：平滑，在较深的网络中常略优于 ReLU。</translation>
    </message>
    <message>
        <source>Softmax</source>
        <translation>Softmax</translation>
    </message>
    <message>
        <source>Turns numbers into shares that sum to 1 over the last dimension. Lathe adds the one for class probabilities by itself.</source>
        <translation>沿最后一维将数变为和为 1 的份额。类别概率所需的那一个由 Lathe 自动添加。</translation>
    </message>
    <message>
        <source>Tanh</source>
        <translation>Tanh</translation>
    </message>
    <message>
        <source>Squeezes numbers into -1 to 1; useful where outputs must stay small.</source>
        <translation>将数压缩到 -1 至 1；适用于输出必须较小的场合。</translation>
    </message>
    <message>
        <source>The bend between two layers, without which they would be one. ReLU is fast and a good first choice; GELU and SiLU are smoother and sometimes a little better.</source>
        <translation>两层之间的弯折，没有它两层就等于一层。ReLU 快，是好的首选；GELU 和 SiLU 更平滑，有时略好。</translation>
    </message>
    <message>
        <source>Part of the numbers that is set to zero while training. Raise it when training keeps improving while validation gets worse; set 0 to switch it off.</source>
        <translation>训练时置零的比例。训练持续改善而验证变差时请提高；设为 0 则关闭。</translation>
    </message>
    <message>
        <source>Embedding size</source>
        <translation>嵌入大小</translation>
    </message>
    <message>
        <source>Numbers learnt for each value of a category with many values; 0 chooses by the count of values. Without such columns it does nothing.</source>
        <translation>为取值很多的类别的每个取值学习的数的个数；0 由取值个数决定。没有这样的列时不起作用。</translation>
    </message>
    <message>
        <source>Convolutional network</source>
        <translation>卷积网络</translation>
    </message>
    <message>
        <source>Stages of convolutions, each half as large and twice as deep as the one before, then a small classifier: the first thing to try on images.</source>
        <translation>若干卷积阶段，每个阶段的大小是前一个的一半、深度是两倍，最后接小分类器：处理图像的首选。</translation>
    </message>
    <message>
        <source>Normalisation</source>
        <translation>归一化</translation>
    </message>
    <message>
        <source>batch normalises each channel over the batch: much faster training. Use none only with very small batches.</source>
        <translation>batch 在整批上归一化每个通道：训练快得多。只有批很小时才用 none。</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>头部</translation>
    </message>
    <message>
        <source>How the last image becomes one row of numbers: flatten keeps where things are, average is smaller and does not care; auto takes average when flatten gets large.</source>
        <translation>最后的图像如何变为一行数：flatten 保留位置，average 更小且不计位置；auto 在 flatten 过大时取 average。</translation>
    </message>
    <message>
        <source>Channels of each stage, such as [32, 64]; an empty list is sized to the image: two stages for 28 pixels, three for 64.</source>
        <translation>每个阶段的通道数，例如 [32, 64]；空列表由图像大小决定：28 像素两个阶段，64 像素三个。</translation>
    </message>
    <message>
        <source>Convolutions a stage</source>
        <translation>每阶段卷积数</translation>
    </message>
    <message>
        <source>2 sees larger patterns and is more accurate on natural images, at twice the time.</source>
        <translation>2 能看到更大的图案，在自然图像上更准确，时间加倍。</translation>
    </message>
    <message>
        <source>Size of the filters in pixels; 3 is the usual choice, 5 sees more and costs more.</source>
        <translation>滤波器的像素大小；通常为 3，5 看得更多但代价更高。</translation>
    </message>
    <message>
        <source>Hidden layers</source>
        <translation>隐藏层</translation>
    </message>
    <message>
        <source>Neurons of each layer between the last image and the output; [] for none.</source>
        <translation>最后的图像与输出之间各层的神经元数；[] 表示没有。</translation>
    </message>
    <message>
        <source>Keeps the numbers between layers in a steady range. batch helps deep networks on many rows, layer works with any batch size, none is fastest.</source>
        <translation>使层间的数保持在稳定范围。batch 适合行多的深网络，layer 适合任何批大小，none 最快。</translation>
    </message>
    <message>
        <source>Multilayer perceptron</source>
        <translation>多层感知机</translation>
    </message>
    <message>
        <source>Layers of neurons that each see every number of the layer before: the first thing to try on a table. Sized by the rows and columns unless you say otherwise.</source>
        <translation>每层神经元都看到前一层的所有数：处理表格的首选。除非另行指定，由行数和列数决定大小。</translation>
    </message>
    <message>
        <source>Neurons of each hidden layer, such as [64, 64]; an empty list is sized to the data: two layers of 64 for a small table, three of up to 512 for a large one.</source>
        <translation>每个隐藏层的神经元数，例如 [64, 64]；空列表由数据决定：小表两层 64，大表三层至多 512。</translation>
    </message>
    <message>
        <source>Residual perceptron</source>
        <translation>残差感知机</translation>
    </message>
    <message>
        <source>Blocks of two layers with a shortcut around each (Gorishniy et al. 2021): trains deeper than a plain perceptron and is often better on large tables.</source>
        <translation>由两层组成并带捷径的块（Gorishniy 等 2021）：比普通感知机能训练得更深，在大表上常更好。</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>Numbers that run through all blocks; 0 is sized to the data.</source>
        <translation>贯穿所有块的数的个数；0 由数据决定。</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>块数</translation>
    </message>
    <message>
        <source>How many residual blocks follow each other; 0 is sized to the data: two for a small table, four for a large one.</source>
        <translation>残差块的数量；0 由数据决定：小表两个，大表四个。</translation>
    </message>
    <message>
        <source>Expansion</source>
        <translation>扩展</translation>
    </message>
    <message>
        <source>How much wider the inside of a block is than what runs through.</source>
        <translation>块内部比贯穿部分宽多少倍。</translation>
    </message>
    <message>
        <source>Adaptive average pool</source>
        <translation>自适应平均池化</translation>
    </message>
    <message>
        <source>Averages an image down to the size that is given, whatever size comes in: for networks that take pictures of any size.</source>
        <translation>把任意大小的图像平均到给定的尺寸：用于接受各种大小图片的网络。</translation>
    </message>
    <message>
        <source>Adaptive max pool</source>
        <translation>自适应最大池化</translation>
    </message>
    <message>
        <source>Keeps the largest values of an image at the size that is given, whatever size comes in.</source>
        <translation>把任意大小的图像缩到给定的尺寸，只保留最大值。</translation>
    </message>
    <message>
        <source>Self-attention</source>
        <translation>自注意力</translation>
    </message>
    <message>
        <source>Sequence</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Every step of a sequence looks at all others and takes what it needs (Vaswani 2017). It does not see the order: add a Positional encoding before it.</source>
        <translation>序列的每一步都查看所有其他步，取所需的信息（Vaswani 2017）。它看不到顺序：请在前面加一个位置编码。</translation>
    </message>
    <message>
        <source>Part of what a step looks at that is hidden from it while training.</source>
        <translation>训练时每一步所查看的内容中被隐藏的比例。</translation>
    </message>
    <message>
        <source>AvgPool1d</source>
        <translation>AvgPool1d</translation>
    </message>
    <message>
        <source>Averages each few steps of a sequence: halves it and smooths noise.</source>
        <translation>对序列中每几步取平均：长度减半并平滑噪声。</translation>
    </message>
    <message>
        <source>AvgPool2d</source>
        <translation>AvgPool2d</translation>
    </message>
    <message>
        <source>Averages each small window: halves an image more gently than MaxPool2d does.</source>
        <translation>对每个小窗口取平均：比 MaxPool2d 更温和地把图像减半。</translation>
    </message>
    <message>
        <source>Brings each feature of a batch of rows or sequences to mean 0 and variance 1, then scales it: faster and steadier training.</source>
        <translation>把一批行或序列的每个特征变为均值 0、方差 1，再缩放：训练更快更稳。</translation>
    </message>
    <message>
        <source>Conv1d</source>
        <translation>Conv1d</translation>
    </message>
    <message>
        <source>Slides small filters along a sequence (steps x features): each output feature looks for one short pattern at every time. Fast, and a good first choice for sensor data.</source>
        <translation>让小滤波器沿序列（步 x 特征）滑动：每个输出特征在每个时刻寻找一种短模式。速度快，适合作为传感器数据的首选。</translation>
    </message>
    <message>
        <source>Number of filters, and so of features of each step afterwards.</source>
        <translation>滤波器的个数，也就是之后每一步的特征数。</translation>
    </message>
    <message>
        <source>Steps that a filter sees at once; 3 to 9 are usual.</source>
        <translation>滤波器一次看到的步数；通常为 3 到 9。</translation>
    </message>
    <message>
        <source>Steps between two positions of a filter; 2 halves the sequence.</source>
        <translation>滤波器两个位置之间的步数；2 使序列减半。</translation>
    </message>
    <message>
        <source>Zeros added at each end; -1 adds half the kernel, which keeps the length at stride 1.</source>
        <translation>两端补的零；-1 补核的一半，步幅为 1 时长度不变。</translation>
    </message>
    <message>
        <source>Steps between two taps of a filter; above 1 it sees further back at the same cost.</source>
        <translation>滤波器两个取样点之间的步数；大于 1 时以同样的代价看得更远。</translation>
    </message>
    <message>
        <source>Splits the features into groups that do not see each other.</source>
        <translation>把特征分成互不相见的组。</translation>
    </message>
    <message>
        <source>ConvTranspose2d</source>
        <translation>ConvTranspose2d</translation>
    </message>
    <message>
        <source>The way back of a convolution: spreads each pixel over a larger image. Use it in decoders and autoencoders, where an image has to grow again.</source>
        <translation>卷积的逆向：把每个像素铺到更大的图像上。用于解码器和自编码器等需要把图像放大的地方。</translation>
    </message>
    <message>
        <source>Number of output channels; commonly halved whenever the image doubles.</source>
        <translation>输出通道数；图像每放大一倍通常减半。</translation>
    </message>
    <message>
        <source>Size of what each pixel is spread over: one number, or height and width. A multiple of the stride avoids chequered patterns.</source>
        <translation>每个像素铺开的大小：一个数，或高和宽。取步幅的倍数可避免棋盘状花纹。</translation>
    </message>
    <message>
        <source>Pixels between two neighbours afterwards; 2 doubles the image.</source>
        <translation>之后相邻两点之间的像素数；2 使图像加倍。</translation>
    </message>
    <message>
        <source>Pixels cut off at each edge.</source>
        <translation>每条边裁掉的像素数。</translation>
    </message>
    <message>
        <source>Output padding</source>
        <translation>输出填充</translation>
    </message>
    <message>
        <source>Pixels added at the bottom and the right, to reach an exact size; smaller than the stride.</source>
        <translation>在下方和右方补的像素数，用来得到准确的尺寸；须小于步幅。</translation>
    </message>
    <message>
        <source>Splits the channels into groups that do not see each other.</source>
        <translation>把通道分成互不相见的组。</translation>
    </message>
    <message>
        <source>ELU</source>
        <translation>ELU</translation>
    </message>
    <message>
        <source>Negative numbers approach a limit smoothly instead of being cut (Clevert 2016): keeps means near zero without normalisation.</source>
        <translation>负数平滑地趋于一个极限，而不是被截断（Clevert 2016）：不用归一化也能让均值接近零。</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation>Alpha</translation>
    </message>
    <message>
        <source>The limit of negative numbers, below zero.</source>
        <translation>负数在零以下的极限。</translation>
    </message>
    <message>
        <source>Ensemble linear</source>
        <translation>集成线性层</translation>
    </message>
    <message>
        <source>Ensemble</source>
        <translation>集成</translation>
    </message>
    <message>
        <source>A linear layer with weights of its own for each member of an ensemble. As the last layer it makes every member learn by itself and predict together with the others.</source>
        <translation>集成中每个成员都有各自权重的线性层。作为最后一层时，每个成员独立学习，并与其他成员共同预测。</translation>
    </message>
    <message>
        <source>How many numbers each member gives.</source>
        <translation>每个成员输出多少个数。</translation>
    </message>
    <message>
        <source>Ensemble scale</source>
        <translation>集成缩放</translation>
    </message>
    <message>
        <source>Gives each member of an ensemble factors of its own for the same numbers, so that many networks share their large weights (BatchEnsemble, Wen et al. 2020; TabM, Gorishniy et al. 2024).</source>
        <translation>为集成的每个成员给同样的数配上各自的系数，使许多网络共享大的权重（BatchEnsemble，Wen 等 2020；TabM，Gorishniy 等 2024）。</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>成员数</translation>
    </message>
    <message>
        <source>Networks in the ensemble; 32 is TabM&apos;s.</source>
        <translation>集成中的网络数；TabM 用 32。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>初始值</translation>
    </message>
    <message>
        <source>signs makes the members differ from the first step on and belongs to the first such layer; ones to all others.</source>
        <translation>signs 使各成员从第一步起就不同，用于第一个这样的层；其余的用 ones。</translation>
    </message>
    <message>
        <source>Adds a learnt constant to each number of each member.</source>
        <translation>给每个成员的每个数加上一个学习到的常数。</translation>
    </message>
    <message>
        <source>Averages each channel over the whole image, or each feature over the whole sequence: one row of numbers, whatever the size.</source>
        <translation>对每个通道在整幅图像上、或每个特征在整个序列上取平均：不论大小都得到一行数。</translation>
    </message>
    <message>
        <source>Global max pool</source>
        <translation>全局最大池化</translation>
    </message>
    <message>
        <source>Keeps the largest value of each channel of the whole image, or of each feature of the whole sequence: asks whether a pattern is anywhere.</source>
        <translation>保留整幅图像每个通道、或整个序列每个特征的最大值：看某种模式是否在某处出现。</translation>
    </message>
    <message>
        <source>GroupNorm</source>
        <translation>GroupNorm</translation>
    </message>
    <message>
        <source>Normalises the channels of each row in groups: like batch normalisation, but independent of the batch. Use it when batches are small.</source>
        <translation>把每一行的通道分组归一化：类似批归一化，但不依赖批次。批次较小时使用。</translation>
    </message>
    <message>
        <source>How many groups the channels form; must divide them. 1 normalises all together, 8 to 32 are usual.</source>
        <translation>通道分成几组；必须整除通道数。1 表示全部一起归一化，通常取 8 到 32。</translation>
    </message>
    <message>
        <source>GRU</source>
        <translation>GRU</translation>
    </message>
    <message>
        <source>Reads a sequence step by step and remembers (Cho 2014): like LSTM with a quarter less to compute; try it first.</source>
        <translation>逐步读取序列并记住内容（Cho 2014）：类似 LSTM，计算量少四分之一；请先试它。</translation>
    </message>
    <message>
        <source>Hardsigmoid</source>
        <translation>Hardsigmoid</translation>
    </message>
    <message>
        <source>Sigmoid made of straight pieces: a cheap gate between 0 and 1.</source>
        <translation>由直线段组成的 Sigmoid：0 到 1 之间的廉价门。</translation>
    </message>
    <message>
        <source>Hardswish</source>
        <translation>Hardswish</translation>
    </message>
    <message>
        <source>SiLU made of straight pieces (Howard 2019): nearly as good, and fast on small devices.</source>
        <translation>由直线段组成的 SiLU（Howard 2019）：效果几乎一样，在小型设备上很快。</translation>
    </message>
    <message>
        <source>InstanceNorm</source>
        <translation>InstanceNorm</translation>
    </message>
    <message>
        <source>Normalises each channel of each image (or each feature of each sequence) by itself: takes away contrast and level. Use it where these differ from row to row and say nothing.</source>
        <translation>对每幅图像的每个通道（或每个序列的每个特征）单独归一化：去掉对比度和水平。当它们逐行不同又没有意义时使用。</translation>
    </message>
    <message>
        <source>LeakyReLU</source>
        <translation>LeakyReLU</translation>
    </message>
    <message>
        <source>Negative numbers become small instead of zero, so that no neuron dies.</source>
        <translation>负数变小而不是变为零，这样神经元不会失效。</translation>
    </message>
    <message>
        <source>Slope</source>
        <translation>斜率</translation>
    </message>
    <message>
        <source>What negative numbers are multiplied by.</source>
        <translation>负数所乘的数。</translation>
    </message>
    <message>
        <source>Parametrisation</source>
        <translation>参数化</translation>
    </message>
    <message>
        <source>ntk divides the weighted sum by the root of the number of inputs instead of starting with small weights, so that one learning rate suits every width (as RealMLP has it).</source>
        <translation>ntk 将加权和除以输入数的平方根，而不是从小权重开始，使同一个学习率适合任何宽度（RealMLP 的做法）。</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>头数</translation>
    </message>
    <message>
        <source>How many patterns are looked for side by side; must divide the features. 4 or 8 are usual.</source>
        <translation>同时寻找多少种模式；必须整除特征数。通常为 4 或 8。</translation>
    </message>
    <message>
        <source>LSTM</source>
        <translation>LSTM</translation>
    </message>
    <message>
        <source>Reads a sequence step by step and keeps a memory with gates (Hochreiter 1997): for sequences where order and long gaps matter.</source>
        <translation>逐步读取序列，并用门保持记忆（Hochreiter 1997）：用于顺序和长间隔重要的序列。</translation>
    </message>
    <message>
        <source>MaxPool1d</source>
        <translation>MaxPool1d</translation>
    </message>
    <message>
        <source>Keeps the largest value of each few steps of a sequence: halves it and makes small delays matter less.</source>
        <translation>保留序列中每几步的最大值：长度减半，并使小的延迟不那么重要。</translation>
    </message>
    <message>
        <source>Mish</source>
        <translation>Mish</translation>
    </message>
    <message>
        <source>A smooth bend that lets small negative numbers through (Misra 2019): sometimes a little better than ReLU, and slower.</source>
        <translation>让小的负数通过的平滑激活（Misra 2019）：有时比 ReLU 略好，也更慢。</translation>
    </message>
    <message>
        <source>Multiply</source>
        <translation>相乘</translation>
    </message>
    <message>
        <source>Multiplies its inputs number by number: a gate that lets the other branch through or not. A size of 1 stretches.</source>
        <translation>把各输入逐个数相乘：决定另一支路能否通过的门。大小为 1 的维度会自动扩展。</translation>
    </message>
    <message>
        <source>Numeric embedding</source>
        <translation>数值嵌入</translation>
    </message>
    <message>
        <source>Turns every number of a row into a few, by learnt waves of it, so that thresholds and bumps along a column are easy to learn (Gorishniy et al. 2022, in RealMLP&apos;s form).</source>
        <translation>用学习到的波形把一行中的每个数变成几个数，使列中的阈值和起伏容易学习（Gorishniy 等 2022，采用 RealMLP 的形式）。</translation>
    </message>
    <message>
        <source>Numbers made of each number, itself included.</source>
        <translation>每个数变成多少个数，包括它自己。</translation>
    </message>
    <message>
        <source>Waves</source>
        <translation>波</translation>
    </message>
    <message>
        <source>Waves that each number&apos;s embedding is made of.</source>
        <translation>构成每个数的嵌入的波的数量。</translation>
    </message>
    <message>
        <source>Frequency</source>
        <translation>频率</translation>
    </message>
    <message>
        <source>Spread of the waves&apos; first frequencies; more follows finer structure, and noise.</source>
        <translation>波的初始频率的分散程度；越大越能跟随细微结构，也越容易跟随噪声。</translation>
    </message>
    <message>
        <source>Rate factor</source>
        <translation>学习率系数</translation>
    </message>
    <message>
        <source>What the learning rate is multiplied by for this layer.</source>
        <translation>该层的学习率乘以的系数。</translation>
    </message>
    <message>
        <source>Pad</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Adds an edge around an image, or steps at the ends of a sequence: for filters of even size, or edges other than zeros.</source>
        <translation>在图像周围加边，或在序列两端加步：用于偶数大小的滤波器，或不用零的边缘。</translation>
    </message>
    <message>
        <source>One number for all sides; left, right, top and bottom of an image; or before and after a sequence.</source>
        <translation>所有边用一个数；图像为左、右、上、下；序列为前、后。</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>constant adds one value, reflect mirrors at the edge, replicate repeats the edge.</source>
        <translation>constant 补一个值，reflect 在边缘镜像，replicate 重复边缘。</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>What constant adds.</source>
        <translation>constant 所补的值。</translation>
    </message>
    <message>
        <source>Parametric activation</source>
        <translation>参数化激活</translation>
    </message>
    <message>
        <source>An activation whose strength each neuron learns, from none at all to more than the plain one (RealMLP, Holzmueller et al. 2024).</source>
        <translation>每个神经元各自学习强度的激活函数，从完全没有到强于普通激活（RealMLP，Holzmueller 等 2024）。</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>函数</translation>
    </message>
    <message>
        <source>RealMLP takes selu for classes and mish for numbers.</source>
        <translation>RealMLP 对分类用 selu，对数值用 mish。</translation>
    </message>
    <message>
        <source>What the learning rate is multiplied by for the strengths.</source>
        <translation>强度参数的学习率乘以的系数。</translation>
    </message>
    <message>
        <source>Permute</source>
        <translation>Permute</translation>
    </message>
    <message>
        <source>Puts the dimensions into another order, such as features before steps. Nothing is computed.</source>
        <translation>改变各维的顺序，例如特征在步之前。不做任何计算。</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>Which dimension comes first, which second ..., counted from 0: [1, 0] swaps the two of a sequence.</source>
        <translation>哪一维排第一、哪一维排第二……从 0 数起：[1, 0] 交换序列的两维。</translation>
    </message>
    <message>
        <source>Pool sequence</source>
        <translation>序列池化</translation>
    </message>
    <message>
        <source>Makes one row of numbers of a whole sequence, for a Linear layer to read.</source>
        <translation>把整个序列变成一行数，供 Linear 层读取。</translation>
    </message>
    <message>
        <source>mean averages the steps, max asks whether a pattern is anywhere, first and last take that one step.</source>
        <translation>mean 对各步取平均，max 看模式是否在某处出现，first 和 last 取那一步。</translation>
    </message>
    <message>
        <source>Count padding</source>
        <translation>计入填充</translation>
    </message>
    <message>
        <source>Whether the added edges count as zeros in the average.</source>
        <translation>补出的边是否作为零计入平均。</translation>
    </message>
    <message>
        <source>Steps that a window holds.</source>
        <translation>一个窗口包含的步数。</translation>
    </message>
    <message>
        <source>Steps between two windows; 0 puts them side by side.</source>
        <translation>两个窗口之间的步数；0 表示首尾相接。</translation>
    </message>
    <message>
        <source>Steps added at each end, at most half the kernel.</source>
        <translation>两端各加的步数，至多为核的一半。</translation>
    </message>
    <message>
        <source>Height and width afterwards, in pixels: one number, or both.</source>
        <translation>之后的高和宽，以像素计：一个数或两个数。</translation>
    </message>
    <message>
        <source>Positional encoding</source>
        <translation>位置编码</translation>
    </message>
    <message>
        <source>Adds to each step of a sequence where it stands, so that attention and pooling can tell first from last.</source>
        <translation>给序列的每一步加上它所在的位置，使注意力和池化能分辨先后。</translation>
    </message>
    <message>
        <source>sinusoidal adds fixed waves and learns nothing; learnt finds a row for each step, better when every step means something of its own.</source>
        <translation>sinusoidal 加固定的波，不学习；learnt 为每一步学一行数，当每一步都有自己的含义时更好。</translation>
    </message>
    <message>
        <source>PReLU</source>
        <translation>PReLU</translation>
    </message>
    <message>
        <source>LeakyReLU whose slope is learnt: lets the network choose how much of the negative side it keeps.</source>
        <translation>斜率可学习的 LeakyReLU：让网络决定负的一侧保留多少。</translation>
    </message>
    <message>
        <source>For each channel</source>
        <translation>逐通道</translation>
    </message>
    <message>
        <source>Learns one slope a channel instead of one for all.</source>
        <translation>每个通道学一个斜率，而不是共用一个。</translation>
    </message>
    <message>
        <source>Hidden size</source>
        <translation>隐藏大小</translation>
    </message>
    <message>
        <source>Numbers that it remembers from step to step; 32 to 256 are usual.</source>
        <translation>逐步记住的数的个数；通常为 32 到 256。</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层数</translation>
    </message>
    <message>
        <source>How many are stacked on each other; 2 can find slower patterns than 1.</source>
        <translation>叠加多少层；2 层能找到比 1 层更慢的模式。</translation>
    </message>
    <message>
        <source>Both directions</source>
        <translation>双向</translation>
    </message>
    <message>
        <source>Also reads the sequence backwards, at twice the cost. Good where the whole sequence is known before the answer is needed.</source>
        <translation>同时从后往前读取序列，代价加倍。适合在作答之前整个序列已知的情形。</translation>
    </message>
    <message>
        <source>Part of the numbers that is dropped between stacked layers while training.</source>
        <translation>训练时在叠加的层之间丢弃的数的比例。</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>sequence gives what is remembered at every step, last only what remains at the end: one row for a Linear layer.</source>
        <translation>sequence 给出每一步所记住的内容，last 只给出最后留下的：一行数，供 Linear 层读取。</translation>
    </message>
    <message>
        <source>ReLU6</source>
        <translation>ReLU6</translation>
    </message>
    <message>
        <source>ReLU that also stops at 6 (Howard 2017): for models that run in few bits later.</source>
        <translation>在 6 处也截止的 ReLU（Howard 2017）：用于以后以少量比特运行的模型。</translation>
    </message>
    <message>
        <source>Reshape</source>
        <translation>Reshape</translation>
    </message>
    <message>
        <source>Lays the same numbers out in other sizes, such as a row as a sequence of steps. Nothing is computed.</source>
        <translation>把同样的数按其他尺寸排列，例如把一行排成由步组成的序列。不做任何计算。</translation>
    </message>
    <message>
        <source>Sizes</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Sizes afterwards, up to four: [10, 3] for a sequence of 10 steps with 3 features. One of them may be -1, which takes what is left.</source>
        <translation>之后的尺寸，至多四个：[10, 3] 表示 10 步、每步 3 个特征的序列。其中一个可以是 -1，取剩余的部分。</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Multiplies each number of a row by a learnt factor: right behind the input it learns which columns matter (RealMLP, Holzmueller et al. 2024).</source>
        <translation>将一行中的每个数乘以学习到的系数：紧接输入时，它学习哪些列重要（RealMLP，Holzmueller 等 2024）。</translation>
    </message>
    <message>
        <source>What the learning rate is multiplied by for these factors; RealMLP takes 6.</source>
        <translation>这些系数的学习率乘以的倍数；RealMLP 用 6。</translation>
    </message>
    <message>
        <source>SELU</source>
        <translation>SELU</translation>
    </message>
    <message>
        <source>ELU scaled so that plain stacks of Linear layers keep mean 0 and variance 1 by themselves (Klambauer 2017).</source>
        <translation>经过缩放的 ELU，使单纯叠加的 Linear 层自行保持均值 0、方差 1（Klambauer 2017）。</translation>
    </message>
    <message>
        <source>Separable Conv2d</source>
        <translation>可分离 Conv2d</translation>
    </message>
    <message>
        <source>A filter for each channel alone, then a mix of the channels: nearly as good as Conv2d with a fraction of its parameters. Use it for small and fast models.</source>
        <translation>先对每个通道单独滤波，再混合通道：效果接近 Conv2d，参数只有一小部分。用于小而快的模型。</translation>
    </message>
    <message>
        <source>Number of output channels that the mix makes.</source>
        <translation>混合后得到的输出通道数。</translation>
    </message>
    <message>
        <source>Smooth clip</source>
        <translation>平滑截断</translation>
    </message>
    <message>
        <source>Leaves small numbers as they are and bends large ones towards 3 and -3, so that outliers of a table cannot dominate (RealMLP, Holzmueller et al. 2024).</source>
        <translation>小的数保持不变，大的数弯向 3 和 -3，使表格中的离群值不能主导（RealMLP，Holzmueller 等 2024）。</translation>
    </message>
    <message>
        <source>Softplus</source>
        <translation>Softplus</translation>
    </message>
    <message>
        <source>A smooth ReLU that is never quite zero: for outputs that must be positive.</source>
        <translation>永远不会完全为零的平滑 ReLU：用于必须为正的输出。</translation>
    </message>
    <message>
        <source>Squeeze-excite</source>
        <translation>压缩激励</translation>
    </message>
    <message>
        <source>Looks at all channels of an image (or features of a sequence) at once and turns each up or down: a little better for little cost.</source>
        <translation>同时查看图像的所有通道（或序列的所有特征），逐个调高或调低：代价很小，效果略好。</translation>
    </message>
    <message>
        <source>Reduction</source>
        <translation>缩减</translation>
    </message>
    <message>
        <source>How many times fewer numbers decide than there are channels.</source>
        <translation>用于决定的数比通道少多少倍。</translation>
    </message>
    <message>
        <source>Inner channels</source>
        <translation>内部通道</translation>
    </message>
    <message>
        <source>How many numbers decide; 0 takes the reduction.</source>
        <translation>用于决定的数的个数；0 表示按缩减计算。</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>门</translation>
    </message>
    <message>
        <source>How a channel is turned up or down; hardsigmoid is cheaper.</source>
        <translation>如何把通道调高或调低；hardsigmoid 更廉价。</translation>
    </message>
    <message>
        <source>Stochastic depth</source>
        <translation>随机深度</translation>
    </message>
    <message>
        <source>Leaves out a whole branch for a random part of the rows while training: put it at the end of a branch, before the Add. Helps deep residual networks that overfit.</source>
        <translation>训练时对随机的一部分行略去整条支路：放在支路末尾、Add 之前。有助于过拟合的深层残差网络。</translation>
    </message>
    <message>
        <source>How often the branch is left out; commonly rises from 0 at the first block to 0.1 or 0.2 at the last.</source>
        <translation>支路被略去的频率；通常从第一个块的 0 升到最后一个块的 0.1 或 0.2。</translation>
    </message>
    <message>
        <source>Transformer block</source>
        <translation>Transformer 块</translation>
    </message>
    <message>
        <source>Self-attention and a small perceptron for each step, each with a shortcut and a normalisation: the unit that transformers repeat. Add a Positional encoding before the first.</source>
        <translation>自注意力加上每一步的小感知机，各带一条捷径和一次归一化：Transformer 反复使用的单元。请在第一个之前加位置编码。</translation>
    </message>
    <message>
        <source>Feed-forward size</source>
        <translation>前馈大小</translation>
    </message>
    <message>
        <source>Width of the perceptron inside; 0 is four times the features.</source>
        <translation>内部感知机的宽度；0 表示特征数的四倍。</translation>
    </message>
    <message>
        <source>Part of the numbers that is dropped in the attention and after each part while training.</source>
        <translation>训练时在注意力中以及每一部分之后丢弃的数的比例。</translation>
    </message>
    <message>
        <source>The bend inside the perceptron; gelu is usual in newer models.</source>
        <translation>感知机内部的激活；较新的模型通常用 gelu。</translation>
    </message>
    <message>
        <source>pre normalises before each part and trains steadily without a warm-up; post is the original and wants one.</source>
        <translation>pre 在每一部分之前归一化，不用预热也能稳定训练；post 是原始做法，需要预热。</translation>
    </message>
    <message>
        <source>Upsample</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Enlarges an image by a whole factor without learning anything: in decoders, followed by a convolution.</source>
        <translation>把图像按整数倍放大，不学习任何东西：用于解码器，后接卷积。</translation>
    </message>
    <message>
        <source>Factor</source>
        <translation>倍数</translation>
    </message>
    <message>
        <source>How many times larger: one number, or height and width.</source>
        <translation>放大多少倍：一个数，或高和宽。</translation>
    </message>
    <message>
        <source>nearest repeats pixels and is fast, bilinear blends them.</source>
        <translation>nearest 重复像素，速度快；bilinear 混合像素。</translation>
    </message>
    <message>
        <source>Small mobile network</source>
        <translation>小型移动网络</translation>
    </message>
    <message>
        <source>Depthwise convolutions that cost little and channels that are weighed (MobileNetV3-Small, Howard 2019): for models that run on phones and small devices, and for larger pictures.</source>
        <translation>代价很小的逐通道卷积加上通道加权（MobileNetV3-Small，Howard 2019）：用于在手机和小型设备上运行的模型，以及较大的图片。</translation>
    </message>
    <message>
        <source>Multiplies the channels of every layer; 0.5 is about three times smaller and faster.</source>
        <translation>乘以每一层的通道数；0.5 大约小三倍、快三倍。</translation>
    </message>
    <message>
        <source>How often the last block is left out for a row while training; earlier blocks less often. 0.1 to 0.2 helps deep networks that overfit, 0 switches it off.</source>
        <translation>训练时最后一个块对一行被略去的频率；较早的块较少。0.1 到 0.2 有助于过拟合的深层网络，0 表示关闭。</translation>
    </message>
    <message>
        <source>Pool</source>
        <translation>池化</translation>
    </message>
    <message>
        <source>What of the sequence the output sees: last what remains at the end, mean the average of all steps, max the strongest of each feature.</source>
        <translation>输出能看到序列的什么：last 是最后留下的，mean 是所有步的平均，max 是每个特征最强的值。</translation>
    </message>
    <message>
        <source>Blocks a stage</source>
        <translation>每阶段块数</translation>
    </message>
    <message>
        <source>Residual blocks in each of the three stages: 3 is ResNet-20, 9 is ResNet-56; time grows with it.</source>
        <translation>三个阶段各有多少残差块：3 即 ResNet-20，9 即 ResNet-56；时间随之增长。</translation>
    </message>
    <message>
        <source>Residual network</source>
        <translation>残差网络</translation>
    </message>
    <message>
        <source>Three stages of convolutions with a shortcut around every two (He 2016, for small images): more accurate than cnn and slower. Use it with augmentation and 20 epochs or more.</source>
        <translation>三个卷积阶段，每两层带一条捷径（He 2016，用于小图像）：比 cnn 更准，也更慢。请配合数据增强，训练 20 轮以上。</translation>
    </message>
    <message>
        <source>Multiplies the 16, 32 and 64 channels of the stages; 2 takes about four times as long.</source>
        <translation>乘以各阶段的 16、32、64 个通道；2 大约需要四倍的时间。</translation>
    </message>
    <message>
        <source>Wide residual network</source>
        <translation>宽残差网络</translation>
    </message>
    <message>
        <source>A shallow residual network with many channels (Zagoruyko 2016): among the most accurate on small images, and heavy. Take it when there is time, or a GPU.</source>
        <translation>通道很多的浅层残差网络（Zagoruyko 2016）：在小图像上属于最准的一类，但很重。有时间或有 GPU 时使用。</translation>
    </message>
    <message>
        <source>Multiplies the 16, 32 and 64 channels of the stages: 4 with 2 blocks is WRN-16-4, 10 with 4 blocks WRN-28-10.</source>
        <translation>乘以各阶段的 16、32、64 个通道：4 配 2 个块即 WRN-16-4，10 配 4 个块即 WRN-28-10。</translation>
    </message>
    <message>
        <source>Numbers that it remembers from step to step; 0 is sized to the data: 64 or 128.</source>
        <translation>逐步记住的数的个数；0 表示按数据确定：64 或 128。</translation>
    </message>
    <message>
        <source>Convolutions along a sequence</source>
        <translation>沿序列的卷积</translation>
    </message>
    <message>
        <source>Stages of convolutions along time, each half as long and twice as deep: fast, and the first thing to try on sequences. A table is read as a sequence of its columns, an image as one of its rows.</source>
        <translation>沿时间的多个卷积阶段，长度逐级减半、通道逐级加倍：速度快，是处理序列首先该试的。表格按其各列读成序列，图像按其各行读成序列。</translation>
    </message>
    <message>
        <source>Channels of each stage, such as [64, 128]; an empty list is sized to the sequence.</source>
        <translation>各阶段的通道数，例如 [64, 128]；空列表表示按序列确定。</translation>
    </message>
    <message>
        <source>2 sees longer patterns, at twice the time.</source>
        <translation>2 能看到更长的模式，时间加倍。</translation>
    </message>
    <message>
        <source>How the last stage becomes one row of numbers: flatten keeps when things happen, average is smaller and does not care; auto takes average when flatten gets large.</source>
        <translation>最后一个阶段如何变成一行数：flatten 保留事情发生的时刻，average 更小且不关心时刻；auto 在 flatten 过大时取 average。</translation>
    </message>
    <message>
        <source>Neurons of each layer between the last stage and the output; [] for none.</source>
        <translation>最后一个阶段与输出之间各层的神经元数；[] 表示没有。</translation>
    </message>
    <message>
        <source>Recurrent network (GRU)</source>
        <translation>循环网络（GRU）</translation>
    </message>
    <message>
        <source>Reads a sequence step by step and remembers what matters (Cho 2014): for sequences where order counts. A table is read as a sequence of its columns, an image as one of its rows.</source>
        <translation>逐步读取序列并记住要点（Cho 2014）：用于顺序重要的序列。表格按其各列读成序列，图像按其各行读成序列。</translation>
    </message>
    <message>
        <source>Recurrent network (LSTM)</source>
        <translation>循环网络（LSTM）</translation>
    </message>
    <message>
        <source>Like gru with one more gate and a memory of its own (Hochreiter 1997): try it when what matters lies far apart. A table is read as a sequence of its columns, an image as one of its rows.</source>
        <translation>类似 gru，多一个门和自己的记忆（Hochreiter 1997）：当重要内容相隔很远时可以一试。表格按其各列读成序列，图像按其各行读成序列。</translation>
    </message>
    <message>
        <source>RealMLP</source>
        <translation>RealMLP</translation>
    </message>
    <message>
        <source>A perceptron with everything that was found to help on tables (Holzmueller et al. 2024): smoothly clipped inputs, periodic embeddings, learnt scales, parametric activations. Often the best single network for 500 to 50 000 rows; unless you set an optimiser or a schedule it brings its own, and it likes 100 epochs and more.</source>
        <translation>集合了所有对表格有效的做法的感知机（Holzmueller 等 2024）：平滑截断的输入、周期嵌入、学习到的缩放、参数化激活。对 500 到 50 000 行往往是最好的单个网络；除非您设置了优化器或调度，否则它自带训练设置，适合 100 轮以上。</translation>
    </message>
    <message>
        <source>Neurons of each hidden layer; three of 256 suit most tables.</source>
        <translation>每个隐藏层的神经元数；三层 256 适合大多数表格。</translation>
    </message>
    <message>
        <source>auto takes SELU for classes and Mish for numbers, as its authors do.</source>
        <translation>auto 对分类用 SELU，对数值用 Mish，与作者一致。</translation>
    </message>
    <message>
        <source>TabM</source>
        <translation>TabM</translation>
    </message>
    <message>
        <source>An ensemble of perceptrons that share almost all weights (Gorishniy et al. 2024): as good as many networks, at a fraction of their cost. Strong on tables of any size; slower than one perceptron.</source>
        <translation>几乎共享全部权重的感知机集成（Gorishniy 等 2024）：效果如同多个网络，代价只是其一小部分。对任何大小的表格都很强；比单个感知机慢。</translation>
    </message>
    <message>
        <source>Networks in the ensemble; fewer are faster, more rarely better.</source>
        <translation>集成中的网络数；少则快，多则很少更好。</translation>
    </message>
    <message>
        <source>Neurons of each hidden layer; 0 is sized to the data.</source>
        <translation>每个隐藏层的神经元数；0 表示按数据确定。</translation>
    </message>
    <message>
        <source>How many hidden layers follow each other; 0 takes two or three by the rows.</source>
        <translation>连续有多少个隐藏层；0 表示按行数取两层或三层。</translation>
    </message>
    <message>
        <source>Transformer</source>
        <translation>Transformer</translation>
    </message>
    <message>
        <source>Every step of a sequence looks at all others (Vaswani 2017): for long sequences with many rows; its cost grows with the square of the steps. A table is read as a sequence of its columns, an image as one of its rows.</source>
        <translation>序列的每一步都查看所有其他步（Vaswani 2017）：用于行数多的长序列；代价随步数的平方增长。表格按其各列读成序列，图像按其各行读成序列。</translation>
    </message>
    <message>
        <source>Features of each step inside, a multiple of the heads; 0 is sized to the data: 64 or 128.</source>
        <translation>内部每一步的特征数，须为头数的倍数；0 表示按数据确定：64 或 128。</translation>
    </message>
    <message>
        <source>How many transformer blocks follow each other; 2 to 6 are usual.</source>
        <translation>多少个 Transformer 块相接；通常为 2 到 6。</translation>
    </message>
    <message>
        <source>How many patterns are looked for side by side; must divide the width. 4 or 8 are usual.</source>
        <translation>同时寻找多少种模式；必须整除宽度。通常为 4 或 8。</translation>
    </message>
    <message>
        <source>Width of the perceptron inside each block; 0 is four times the width.</source>
        <translation>每个块内部感知机的宽度；0 表示宽度的四倍。</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>How a step knows where it stands: learnt for tables and short sequences, sinusoidal for long ones, none when order does not matter.</source>
        <translation>一步如何知道自己的位置：learnt 用于表格和短序列，sinusoidal 用于长序列，none 用于顺序不重要时。</translation>
    </message>
    <message>
        <source>Frozen</source>
        <translation>冻结</translation>
    </message>
    <message>
        <source>Its numbers stay as they are, and a normalisation uses what it knows: for layers with ready weights that need not learn any more.</source>
        <translation>其数值保持不变，归一化使用已有的统计量：用于带现成权重、无需再学习的层。</translation>
    </message>
    <message>
        <source>Rate of the layer</source>
        <translation>该层学习率倍数</translation>
    </message>
    <message>
        <source>Multiplies the learning rate for this layer: below 1 it changes more gently than the others, 0 freezes it.</source>
        <translation>该层学习率的倍数：小于 1 时比其他层变化更平缓，0 则冻结。</translation>
    </message>
    <message>
        <source>Numbers made of each number.</source>
        <translation>每个数变成多少个数。</translation>
    </message>
    <message>
        <source>Piecewise-linear embedding</source>
        <translation>分段线性嵌入</translation>
    </message>
    <message>
        <source>Turns each number of a table into several by the bins it has passed, equally full in the training rows (Gorishniy et al. 2022): thresholds and steps along a column become easy to learn. Reads the input named features.</source>
        <translation>按照数值越过的分箱（在训练行中各箱数量相等），把表中每个数变成几个数（Gorishniy 等 2022）：一列中的阈值和台阶变得容易学习。读取名为 features 的输入。</translation>
    </message>
    <message>
        <source>Periodic embedding</source>
        <translation>周期嵌入</translation>
    </message>
    <message>
        <source>Turns each number of a row into several by sines and cosines of learnt frequencies and a small linear layer (Gorishniy et al. 2022, PLR): follows bumps and waves along a column.</source>
        <translation>用学习到的频率的正弦和余弦以及一个小线性层，把一行中的每个数变成几个数（Gorishniy 等 2022，PLR）：能跟随一列中的起伏。</translation>
    </message>
    <message>
        <source>Feature tokenizer</source>
        <translation>特征词元化</translation>
    </message>
    <message>
        <source>Numbers of each token, a multiple of the heads.</source>
        <translation>每个词元的数值个数，须为头数的倍数。</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>linear scales a token by the number, as the paper does; periodic and piecewise_linear embed it (Gorishniy et al. 2022), which follows bumps and thresholds.</source>
        <translation>linear 按论文用数值缩放词元；periodic 和 piecewise_linear 对其做嵌入（Gorishniy 等 2022），能跟随起伏和阈值。</translation>
    </message>
    <message>
        <source>FT-Transformer block</source>
        <translation>FT-Transformer 块</translation>
    </message>
    <message>
        <source>Self-attention between the tokens of a table&apos;s columns and a gated perceptron for each, both with a shortcut: the unit that an FT-Transformer repeats behind its feature tokenizer.</source>
        <translation>表格各列词元之间的自注意力，以及每个词元的门控感知机，两者都带捷径：FT-Transformer 在特征词元化之后重复的单元。</translation>
    </message>
    <message>
        <source>How much wider the gated perceptron is than a token.</source>
        <translation>门控感知机比词元宽多少倍。</translation>
    </message>
    <message>
        <source>Attention dropout</source>
        <translation>注意力丢弃率</translation>
    </message>
    <message>
        <source>Part of what a token looks at that is hidden from it while training.</source>
        <translation>训练时对一个词元隐藏它所查看内容的比例。</translation>
    </message>
    <message>
        <source>Feed-forward dropout</source>
        <translation>前馈丢弃率</translation>
    </message>
    <message>
        <source>Part of the perceptron&apos;s inner numbers that is dropped in training.</source>
        <translation>训练时丢弃感知机内部数值的比例。</translation>
    </message>
    <message>
        <source>Residual dropout</source>
        <translation>残差丢弃率</translation>
    </message>
    <message>
        <source>Part of what each branch adds that is dropped in training.</source>
        <translation>训练时丢弃每个分支所加内容的比例。</translation>
    </message>
    <message>
        <source>Normalise before attention</source>
        <translation>注意力之前归一化</translation>
    </message>
    <message>
        <source>Off in the first block, which its authors found easier to train.</source>
        <translation>在第一个块中关闭，作者发现这样更容易训练。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>first gives the first token alone: for the last block, whose other tokens nobody reads, which saves their perceptron.</source>
        <translation>first 只给出第一个词元：用于最后一个块，其他词元没有人读取，可省去它们的感知机。</translation>
    </message>
    <message>
        <source>Reconstruction error</source>
        <translation>重建误差</translation>
    </message>
    <message>
        <source>How badly the first input gives back the others, the end of an autoencoder: unusual rows are given back badly. Of an image the mean squared difference; of a table the mean over its columns, missing cells left out.</source>
        <translation>第一个输入还原其他输入的误差，是自编码器的末端：不寻常的行还原得差。图像取均方差；表格取各列的平均，缺失的单元格不计。</translation>
    </message>
    <message>
        <source>Autoencoder</source>
        <translation>自编码器</translation>
    </message>
    <message>
        <source>Squeezes a row or an image through a bottleneck and gives it back: what it gives back badly is unusual. For anomalies, without any target; best trained on rows that are mostly normal. Its prediction is a score, the larger the stranger.</source>
        <translation>把一行或一幅图像压过瓶颈再还原：还原得差的就是不寻常的。用于异常检测，不需要目标；最好用大多正常的行训练。它的预测是一个分数，越大越异常。</translation>
    </message>
    <message>
        <source>Tables: neurons of each layer before the bottleneck, such as [64, 32], mirrored behind it; an empty list is sized to the data.</source>
        <translation>表格：瓶颈之前各层的神经元数，例如 [64, 32]，之后对称；空列表按数据确定大小。</translation>
    </message>
    <message>
        <source>Bottleneck</source>
        <translation>瓶颈</translation>
    </message>
    <message>
        <source>Numbers that a row is squeezed into. Fewer let less through, so that more looks unusual; 0 takes a quarter of what goes in, 2 to 32.</source>
        <translation>一行被压缩成多少个数。越少通过的信息越少，看起来不寻常的就越多；0 取输入的四分之一，2 到 32。</translation>
    </message>
    <message>
        <source>Images: channels of the first convolution, doubled with every halving.</source>
        <translation>图像：第一个卷积的通道数，每缩小一半就加倍。</translation>
    </message>
    <message>
        <source>FT-Transformer</source>
        <translation>FT-Transformer</translation>
    </message>
    <message>
        <source>A transformer over the columns of a table (Gorishniy et al. 2021): each column is a token that looks at all others. Strong where columns act together; much slower than perceptrons, its cost grows with the square of the columns. Unless you set an optimiser or a schedule it brings its authors&apos; learning rate.</source>
        <translation>作用于表格各列的 Transformer（Gorishniy 等 2021）：每一列是一个词元，会查看其他所有列。在各列共同起作用时很强；比感知机慢得多，代价随列数的平方增长。除非您设置了优化器或调度，否则使用作者的学习率。</translation>
    </message>
    <message>
        <source>Numbers of each token, a multiple of the heads; less is faster.</source>
        <translation>每个词元的数值个数，须为头数的倍数；越少越快。</translation>
    </message>
    <message>
        <source>How many blocks follow each other; 1 to 4 are usual.</source>
        <translation>依次相连的块数；通常为 1 到 4。</translation>
    </message>
    <message>
        <source>How much wider the gated perceptron in each block is than a token.</source>
        <translation>每个块中的门控感知机比词元宽多少倍。</translation>
    </message>
    <message>
        <source>Part of what a column looks at that is hidden from it while training.</source>
        <translation>训练时对一列隐藏它所查看内容的比例。</translation>
    </message>
    <message>
        <source>Part of what each branch adds that is dropped in training; rarely helps.</source>
        <translation>训练时丢弃每个分支所加内容的比例；很少有帮助。</translation>
    </message>
    <message>
        <source>MobileNet V2</source>
        <translation>MobileNet V2</translation>
    </message>
    <message>
        <source>A light network of depthwise convolutions (Sandler 2018) in torchvision&apos;s layout: a third of ResNet-18&apos;s size and faster, nearly as accurate. Meant for ready weights (model.weights).</source>
        <translation>由逐通道卷积构成的轻量网络（Sandler 2018），采用 torchvision 的结构：大小为 ResNet-18 的三分之一，更快，准确度接近。适合使用现成权重（model.weights）。</translation>
    </message>
    <message>
        <source>periodic turns each number into several by learnt waves of it, which follows thresholds and bumps along a column; piecewise_linear by the bins it has passed (data.preprocessing.numeric_bins), which suits steps and skewed columns; auto takes periodic but for very wide tables.</source>
        <translation>periodic 用学习到的波把每个数变成几个数，能跟随一列中的阈值和起伏；piecewise_linear 按它越过的分箱（data.preprocessing.numeric_bins），适合台阶和偏斜的列；auto 除很宽的表外都取 periodic。</translation>
    </message>
    <message>
        <source>periodic turns each number into several by learnt waves of it, which follows thresholds and bumps along a column; piecewise_linear by the bins it has passed (data.preprocessing.numeric_bins), which suits steps and skewed columns. Both often help on tables of numbers, and cost time.</source>
        <translation>periodic 用学习到的波把每个数变成几个数，能跟随一列中的阈值和起伏；piecewise_linear 按它越过的分箱（data.preprocessing.numeric_bins），适合台阶和偏斜的列。两者对数值表往往有帮助，但更费时间。</translation>
    </message>
    <message>
        <source>Size of numeric embedding</source>
        <translation>数值嵌入大小</translation>
    </message>
    <message>
        <source>Numbers made of each number by the numeric embedding; 0 takes what its authors do. Without one it does nothing.</source>
        <translation>数值嵌入把每个数变成多少个数；0 采用作者的取值。没有数值嵌入时不起作用。</translation>
    </message>
    <message>
        <source>First layers</source>
        <translation>起始层</translation>
    </message>
    <message>
        <source>quarter halves the image twice at once, as the original does; whole keeps its size there, for images below about 64 pixels: slower and finer, and ready weights fit both.</source>
        <translation>quarter 与原版一样一开始就将图像减半两次；whole 在此保持尺寸，用于约 64 像素以下的图像：更慢更细，现成权重对两者都适用。</translation>
    </message>
    <message>
        <source>ResNet-18</source>
        <translation>ResNet-18</translation>
    </message>
    <message>
        <source>The smallest of the well-known residual networks (He 2016), in torchvision&apos;s layout: name a file with ready weights (model.weights) and fine-tune them with few images of your own.</source>
        <translation>著名残差网络（He 2016）中最小的一个，采用 torchvision 的结构：指定含现成权重的文件（model.weights），再用自己的少量图像微调。</translation>
    </message>
    <message>
        <source>ResNet-34</source>
        <translation>ResNet-34</translation>
    </message>
    <message>
        <source>A residual network (He 2016) in torchvision&apos;s layout, twice as deep and as slow as ResNet-18 and a little more accurate; meant for ready weights (model.weights).</source>
        <translation>采用 torchvision 结构的残差网络（He 2016），深度和耗时约为 ResNet-18 的两倍，略微更准确；适合使用现成权重（model.weights）。</translation>
    </message>
    <message>
        <source>ResNet-50</source>
        <translation>ResNet-50</translation>
    </message>
    <message>
        <source>The most used residual network (He 2016, bottleneck blocks) in torchvision&apos;s layout: the most accurate of the three, and heavy without a GPU. Meant for ready weights (model.weights).</source>
        <translation>最常用的残差网络（He 2016，瓶颈块），采用 torchvision 的结构：三者中最准确，没有 GPU 时较慢。适合使用现成权重（model.weights）。</translation>
    </message>
    <message>
        <source>Makes a token of every column of a table, and one more that gathers what the others say (Gorishniy et al. 2021): the start of an FT-Transformer. Reads features, categories, text, or any of them together.</source>
        <translation>把表格的每一列变成一个词元，再加一个汇集其他词元信息的词元（Gorishniy 等，2021）：FT-Transformer 的开头。读取 features、categories、text，或其中几个。</translation>
    </message>
    <message>
        <source>Size of text codes</source>
        <translation>文本编码的大小</translation>
    </message>
    <message>
        <source>Numbers learnt for each code of a text; a linear layer makes the token of their mean. Without text it does nothing.</source>
        <translation>为文本的每个编码学习的数字个数；线性层把它们的平均值变成词元。没有文本时不起作用。</translation>
    </message>
    <message>
        <source>Text embedding</source>
        <translation>文本嵌入</translation>
    </message>
    <message>
        <source>Learns a short row of numbers for each hashed word and part of a word, and gives the mean of those that a text has (Joulin et al. 2017), and 1 where it has none. Reads the input named text.</source>
        <translation>为每个哈希后的词和词的片段学习一小行数字，给出一条文本所含各行的平均值（Joulin 等，2017），没有时另给出 1。读取名为 text 的输入。</translation>
    </message>
    <message>
        <source>Numbers learnt for each code. All codes are updated in every step, so time and memory grow with it and with data.preprocessing.text_buckets.</source>
        <translation>为每个编码学习的数字个数。每一步都更新所有编码，因此时间和内存随它和 data.preprocessing.text_buckets 增长。</translation>
    </message>
    <message>
        <source>Size of text embedding</source>
        <translation>文本嵌入的大小</translation>
    </message>
    <message>
        <source>Numbers learnt for each hashed word and part of a word; a text is the mean of those it has. More tells finer meanings apart and makes every step slower. Without columns of text it does nothing.</source>
        <translation>为每个哈希后的词和词的片段学习的数字个数；一条文本是其所含各行的平均值。越多能区分越细的含义，但每一步都更慢。没有文本列时不起作用。</translation>
    </message>
    <message>
        <source>Log-mel picture</source>
        <translation>对数梅尔图</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Turns samples of sound into a picture of which pitches sound when, loudness on a logarithmic scale: what networks for images and sequences can read. It learns nothing.</source>
        <translation>把声音采样变成一幅图，显示何时有哪些音高，响度取对数：图像和序列网络可以读取。它不学习任何参数。</translation>
    </message>
    <message>
        <source>Sample rate</source>
        <translation>采样率</translation>
    </message>
    <message>
        <source>Samples a second of what comes in, in Hz.</source>
        <translation>输入每秒的采样数，单位 Hz。</translation>
    </message>
    <message>
        <source>Bands</source>
        <translation>频带数</translation>
    </message>
    <message>
        <source>Height of the picture: bands of pitch. 40 to 80 suit speech, 128 music.</source>
        <translation>图的高度：音高频带数。40 到 80 适合语音，128 适合音乐。</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗长</translation>
    </message>
    <message>
        <source>Milliseconds that one column of the picture looks at. Longer tells pitches apart, shorter tells moments apart.</source>
        <translation>图中一列所看的毫秒数。更长能分辨音高，更短能分辨时刻。</translation>
    </message>
    <message>
        <source>Hop</source>
        <translation>步长</translation>
    </message>
    <message>
        <source>Milliseconds from one column to the next. Longer makes a narrower picture, which trains faster.</source>
        <translation>相邻两列之间的毫秒数。更长则图更窄，训练更快。</translation>
    </message>
    <message>
        <source>Lowest pitch</source>
        <translation>最低音高</translation>
    </message>
    <message>
        <source>In Hz. Raise it where rumble and hum say nothing.</source>
        <translation>单位 Hz。低频噪声无意义时可提高。</translation>
    </message>
    <message>
        <source>Highest pitch</source>
        <translation>最高音高</translation>
    </message>
    <message>
        <source>In Hz; 0 takes half the sample rate, all that there is.</source>
        <translation>单位 Hz；0 表示采样率的一半，即全部范围。</translation>
    </message>
    <message>
        <source>clip measures each recording by its own loudness and brings its picture to mean 0 and deviation 1, so that loud and soft ones look alike; none keeps how loud it was.</source>
        <translation>clip 以每段录音自身的响度为基准，并把其图谱调整为均值 0、标准差 1，使响的和轻的录音看起来一样；none 保留原来的响度。</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Workbench for training neural networks</source>
        <translation>训练神经网络的工作台</translation>
    </message>
    <message>
        <source>Opens a sample: fashion-mnist, digits, wine, breast-cancer, iris or diabetes.</source>
        <translation>打开示例：fashion-mnist、digits、wine、breast-cancer、iris 或 diabetes。</translation>
    </message>
    <message>
        <source>Starts a training at once.</source>
        <translation>立即开始训练。</translation>
    </message>
    <message>
        <source>A project, a data file or a folder of data.</source>
        <translation>项目、数据文件或数据文件夹。</translation>
    </message>
</context>
<context>
    <name>samples</name>
    <message>
        <source>Fashion-MNIST</source>
        <translation>Fashion-MNIST</translation>
    </message>
    <message>
        <source>70 000 grey pictures of clothes, 28 x 28 pixels, in ten classes.</source>
        <translation>70 000 张服装灰度图，28 x 28 像素，十个类别。</translation>
    </message>
    <message>
        <source>Handwritten digits</source>
        <translation>手写数字</translation>
    </message>
    <message>
        <source>1797 digits as 8 x 8 pixel columns of a table, in ten classes.</source>
        <translation>1797 个数字，每个为表中 8 x 8 像素列，十个类别。</translation>
    </message>
    <message>
        <source>Wine</source>
        <translation>葡萄酒</translation>
    </message>
    <message>
        <source>13 measurements of 178 wines from three cultivars.</source>
        <translation>三个品种 178 种葡萄酒的 13 项测量。</translation>
    </message>
    <message>
        <source>Breast cancer</source>
        <translation>乳腺癌</translation>
    </message>
    <message>
        <source>30 measurements of 569 tumours, malignant or benign.</source>
        <translation>569 个肿瘤的 30 项测量，恶性或良性。</translation>
    </message>
    <message>
        <source>Iris</source>
        <translation>鸢尾花</translation>
    </message>
    <message>
        <source>Petals and sepals of 150 flowers from three species.</source>
        <translation>三个品种 150 朵花的花瓣和花萼。</translation>
    </message>
    <message>
        <source>Diabetes</source>
        <translation>糖尿病</translation>
    </message>
    <message>
        <source>How far the disease of 442 patients went in a year: a number to predict.</source>
        <translation>442 名患者一年内的病情进展：预测一个数值。</translation>
    </message>
    <message>
        <source>200 images, ready weights</source>
        <translation>200 张图像，现成权重</translation>
    </message>
    <message>
        <source>A folder of 200 pictures of clothes. Too few to learn from alone: point at a .pth or .safetensors file of torchvision&apos;s resnet18, resnet34, resnet50 or mobilenet_v2, and it is fine-tuned.</source>
        <translation>一个含 200 张服装图片的文件夹。单靠它们太少：请指定 torchvision 的 resnet18、resnet34、resnet50 或 mobilenet_v2 的 .pth 或 .safetensors 文件，然后对其微调。</translation>
    </message>
</context>
<context>
    <name>search</name>
    <message>
        <source>Categories are drawn with probabilities that are learnt from the best trials.</source>
        <translation>类别按从最佳试验中学到的概率抽取。</translation>
    </message>
    <message>
        <source>The grid has {count} configurations.</source>
        <translation>网格有 {count} 种配置。</translation>
    </message>
    <message>
        <source>The grid is too large to count; its configurations are drawn at random.</source>
        <translation>网格太大，无法计数；其配置按随机顺序抽取。</translation>
    </message>
    <message>
        <source>auto: every configuration once (grid), since that fits the number of trials.</source>
        <translation>auto：试验次数足够，因此每种配置各试一次（grid）。</translation>
    </message>
    <message>
        <source>auto: a Gaussian process (gp), which needs the fewest trials.</source>
        <translation>auto：高斯过程（gp），所需试验最少。</translation>
    </message>
    <message>
        <source>auto: CMA-ES (cmaes), since the space has numbers only and there are many trials.</source>
        <translation>auto：CMA-ES（cmaes），因为空间只含数值且试验较多。</translation>
    </message>
    <message>
        <source>auto: differential evolution (de), since there are many trials or parameters.</source>
        <translation>auto：差分进化（de），因为试验或参数较多。</translation>
    </message>
    <message>
        <source>auto: a genetic algorithm (nsga2), since there are two goals and many trials or parameters.</source>
        <translation>auto：遗传算法（nsga2），因为有两个目标且试验或参数很多。</translation>
    </message>
    <message>
        <source>auto: Gaussian processes and what adds most to the front (ehvi), which needs the fewest trials for several goals.</source>
        <translation>auto：高斯过程与对前沿贡献最大的点（ehvi），多目标时所需试验最少。</translation>
    </message>
    <message>
        <source>auto: densities of good and bad trials (motpe), since there are three goals or more and many trials or parameters.</source>
        <translation>auto：好坏试验的密度（motpe），因为有三个以上目标且试验或参数很多。</translation>
    </message>
</context>
<context>
    <name>spec</name>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Version of the layout of this file; Lathe writes it by itself.</source>
        <translation>此文件格式的版本；由 Lathe 写入。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>What you call this experiment; runs and exports are named after it.</source>
        <translation>此实验的名称；运行和导出以它命名。</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>The file or folder with the rows: CSV, TSV, NumPy, a folder with one sub-folder a class, or IDX files. Kept relative when it lies below the project.</source>
        <translation>包含各行的文件或文件夹：CSV、TSV、NumPy、每类一个子文件夹的文件夹，或 IDX 文件。位于项目之下时以相对路径保存。</translation>
    </message>
    <message>
        <source>Test data</source>
        <translation>测试数据</translation>
    </message>
    <message>
        <source>A file of its own with rows for the final test. Leave it empty to hold back part of the data.</source>
        <translation>用于最终测试的单独文件。留空则从数据中保留一部分。</translation>
    </message>
    <message>
        <source>Hash of the data</source>
        <translation>数据的哈希</translation>
    </message>
    <message>
        <source>SHA-256 of the content when it was read, so that a changed file is noticed; Lathe fills it in.</source>
        <translation>读取时内容的 SHA-256，用以发现文件的变化；由 Lathe 填写。</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>The column to predict; empty takes the last one. Images take the names of their folders.</source>
        <translation>要预测的列；留空取最后一列。图像取其文件夹的名称。</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Kinds of columns</source>
        <translation>列的类型</translation>
    </message>
    <message>
        <source>What a column holds where Lathe guessed wrong, such as data.kinds.zip=category for numbers that only name something.</source>
        <translation>Lathe 猜错时该列的内容，例如数字只是名称时用 data.kinds.zip=category。</translation>
    </message>
    <message>
        <source>Roles of columns</source>
        <translation>列的角色</translation>
    </message>
    <message>
        <source>What a column is for where the guess is wrong: feature, target, weight, group, time or ignore. Ignore what would not be known when predicting.</source>
        <translation>猜错时该列的用途：feature、target、weight、group、time 或 ignore。预测时不知道的列应忽略。</translation>
    </message>
    <message>
        <source>Split method</source>
        <translation>划分方式</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Part of the rows the model learns from. The three parts sum to 1.</source>
        <translation>模型学习的行所占比例。三个部分之和为 1。</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Part of the rows that chooses the best epoch and compares runs; more makes the choice steadier.</source>
        <translation>用于选择最佳轮和比较运行的行所占比例；越多选择越稳定。</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Part of the rows that is looked at once, at the end, for an honest score. Not used when the data brings test rows.</source>
        <translation>只在最后看一次、给出可信得分的行所占比例。数据自带测试行时不使用。</translation>
    </message>
    <message>
        <source>Split seed</source>
        <translation>划分种子</translation>
    </message>
    <message>
        <source>Start of the random numbers that deal the rows. Keep it to compare runs on the same rows.</source>
        <translation>分配各行的随机数起点。保持不变即可在相同的行上比较运行。</translation>
    </message>
    <message>
        <source>Delimiter</source>
        <translation>分隔符</translation>
    </message>
    <message>
        <source>What separates columns in the file; empty finds out by looking.</source>
        <translation>文件中分隔各列的字符；留空则自动识别。</translation>
    </message>
    <message>
        <source>Decimal mark</source>
        <translation>小数点</translation>
    </message>
    <message>
        <source>Point or comma in numbers; empty finds out by looking.</source>
        <translation>数中的点或逗号；留空则自动识别。</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>How letters are stored; empty finds out by looking. Set it when names show wrong characters.</source>
        <translation>文字的存储方式；留空则自动识别。名称出现乱码时请设置。</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>标题行</translation>
    </message>
    <message>
        <source>Whether the first line names the columns; null finds out by looking.</source>
        <translation>第一行是否为列名；null 则自动识别。</translation>
    </message>
    <message>
        <source>Missing values</source>
        <translation>缺失值</translation>
    </message>
    <message>
        <source>Spellings that mean that a value is not known.</source>
        <translation>表示值未知的写法。</translation>
    </message>
    <message>
        <source>Fill missing numbers with</source>
        <translation>缺失数值的填充</translation>
    </message>
    <message>
        <source>The value put where a number is missing: median ignores outliers, mean keeps the average, zero is for counts where missing means none.</source>
        <translation>缺失处填入的值：median 不受离群值影响，mean 保持平均，zero 用于缺失即为零的计数。</translation>
    </message>
    <message>
        <source>Tell the model what was missing</source>
        <translation>告知模型何处缺失</translation>
    </message>
    <message>
        <source>Adds an input that is 1 where a value was missing, since being missing often means something.</source>
        <translation>添加一个输入，值缺失时为 1，因为缺失本身常有含义。</translation>
    </message>
    <message>
        <source>Scaling</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Brings numbers to a common range, which networks need: standard uses mean and deviation, robust the middle half (for outliers), quantile makes any shape a bell curve (for very skewed columns).</source>
        <translation>将数值变到共同的范围，网络需要这样：standard 用均值和标准差，robust 用中间一半（适合离群值），quantile 将任何分布变为钟形（适合严重偏斜的列）。</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>onehot gives each value an input of its own, embedding learns a few numbers for each value; auto takes one-hot up to 16 values.</source>
        <translation>onehot 为每个取值设一个输入，embedding 为每个取值学习几个数；auto 至多 16 个取值时用 onehot。</translation>
    </message>
    <message>
        <source>Parts of dates</source>
        <translation>日期的各部分</translation>
    </message>
    <message>
        <source>Adds year, month, weekday and hour of a date as inputs, so that seasons and working hours can be learnt.</source>
        <translation>将日期的年、月、星期和小时作为输入，以便学习季节和工作时间。</translation>
    </message>
    <message>
        <source>Scale the target</source>
        <translation>缩放目标</translation>
    </message>
    <message>
        <source>Regression: trains on the target with mean 0 and deviation 1; predictions are always in the target&apos;s own unit.</source>
        <translation>回归：以均值 0、标准差 1 的目标训练；预测始终采用目标自身的单位。</translation>
    </message>
    <message>
        <source>Image size</source>
        <translation>图像大小</translation>
    </message>
    <message>
        <source>Pixels of the longer edge after loading; 0 keeps the size of IDX files and takes 64 for folders. Smaller trains faster, larger sees finer detail.</source>
        <translation>加载后较长边的像素数；0 保持 IDX 文件的大小，文件夹取 64。越小训练越快，越大细节越多。</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>The layers themselves, in order. Filled in from the template; edit them in the Model page.</source>
        <translation>按顺序排列的各层。由模板填写；在模型页编辑。</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>Optimiser</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>权重衰减</translation>
    </message>
    <message>
        <source>Pulls weights towards zero at each step, against overfitting. 0.01 suits AdamW, 0.0005 SGD.</source>
        <translation>每一步将权重拉向零，以防过拟合。AdamW 适合 0.01，SGD 适合 0.0005。</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>Nesterov</source>
        <translation>Nesterov</translation>
    </message>
    <message>
        <source>Beta 1</source>
        <translation>Beta 1</translation>
    </message>
    <message>
        <source>Beta 2</source>
        <translation>Beta 2</translation>
    </message>
    <message>
        <source>Epsilon</source>
        <translation>Epsilon</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>学习率计划</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>预热</translation>
    </message>
    <message>
        <source>Final rate</source>
        <translation>最终学习率</translation>
    </message>
    <message>
        <source>Every</source>
        <translation>间隔</translation>
    </message>
    <message>
        <source>Factor</source>
        <translation>系数</translation>
    </message>
    <message>
        <source>Patience of the schedule</source>
        <translation>学习率的耐心</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Label smoothing</source>
        <translation>标签平滑</translation>
    </message>
    <message>
        <source>Takes a little certainty from the labels; 0.1 helps when some of them are wrong or the model is too sure.</source>
        <translation>略微降低标签的确定性；部分标签有误或模型过于自信时 0.1 有帮助。</translation>
    </message>
    <message>
        <source>Weight classes</source>
        <translation>类别加权</translation>
    </message>
    <message>
        <source>Makes each class count the same, however rare; raises balanced accuracy on uneven classes, at the cost of plain accuracy.</source>
        <translation>使每个类别无论多稀少都同等重要；在不均衡的类别上提高平衡准确率，代价是普通准确率。</translation>
    </message>
    <message>
        <source>Huber delta</source>
        <translation>Huber delta</translation>
    </message>
    <message>
        <source>Stop after</source>
        <translation>提前停止</translation>
    </message>
    <message>
        <source>Ends the training when validation has not improved for so many epochs; 0 trains all epochs. The best epoch is kept either way.</source>
        <translation>验证多少轮没有改善时结束训练；0 训练全部轮数。无论如何都保留最佳轮。</translation>
    </message>
    <message>
        <source>Min. change</source>
        <translation>最小改善</translation>
    </message>
    <message>
        <source>Clip gradients</source>
        <translation>梯度裁剪</translation>
    </message>
    <message>
        <source>Largest length of the gradient; longer ones are shortened, which tames sudden jumps of the loss. 0 is off, 1 is a usual value.</source>
        <translation>梯度的最大长度；超过则缩短，可抑制损失的突变。0 为关闭，常用 1。</translation>
    </message>
    <message>
        <source>Monitor</source>
        <translation>监控指标</translation>
    </message>
    <message>
        <source>The validation metric that says which epoch and which run is best, such as val/loss or val/accuracy.</source>
        <translation>决定哪一轮和哪个运行最佳的验证指标，例如 val/loss 或 val/accuracy。</translation>
    </message>
    <message>
        <source>Better is</source>
        <translation>更好的方向</translation>
    </message>
    <message>
        <source>Whether the smaller or the larger value of the monitor is better; it follows the metric.</source>
        <translation>监控指标越小还是越大越好；随指标而定。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Start of all random numbers of the training. The same seed gives the same weights; several seeds show how much is luck.</source>
        <translation>训练所有随机数的起点。相同种子得到相同权重；多个种子可看出运气的成分。</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>Processor cores one training uses; 0 chooses by the size of the model, since small ones are slower on several.</source>
        <translation>一次训练使用的处理器核心数；0 由模型大小决定，因为小模型用多个核心反而更慢。</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Where to compute: auto chooses by the machine and the model; cpu, cuda or cuda:1 force it.</source>
        <translation>在哪里计算：auto 由机器和模型决定；cpu、cuda 或 cuda:1 强制指定。</translation>
    </message>
    <message>
        <source>Checkpoint every</source>
        <translation>检查点间隔</translation>
    </message>
    <message>
        <source>Formats</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Files to write once the training is done.</source>
        <translation>训练完成后要写入的文件。</translation>
    </message>
    <message>
        <source>Name of the export</source>
        <translation>导出名称</translation>
    </message>
    <message>
        <source>Name of the exported files; empty takes the run&apos;s name.</source>
        <translation>导出文件的名称；留空取运行的名称。</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Balanced accuracy</source>
        <translation>平衡准确率</translation>
    </message>
    <message>
        <source>Macro F1</source>
        <translation>宏平均 F1</translation>
    </message>
    <message>
        <source>ROC AUC</source>
        <translation>ROC AUC</translation>
    </message>
    <message>
        <source>Log loss</source>
        <translation>对数损失</translation>
    </message>
    <message>
        <source>Root mean squared error</source>
        <translation>均方根误差</translation>
    </message>
    <message>
        <source>Mean absolute error</source>
        <translation>平均绝对误差</translation>
    </message>
    <message>
        <source>R²</source>
        <translation>R²</translation>
    </message>
    <message>
        <source>Mirror left to right</source>
        <translation>左右镜像</translation>
    </message>
    <message>
        <source>Mirrors every other image. Right for photographs and most objects; wrong for digits, letters, signs and whatever else has a left and a right.</source>
        <translation>平均每两张图像镜像一张。适合照片和大多数物体；不适合数字、字母、标志以及其他区分左右的内容。</translation>
    </message>
    <message>
        <source>Mirror top to bottom</source>
        <translation>上下镜像</translation>
    </message>
    <message>
        <source>Turns every other image upside down. Right where there is no up, as under a microscope or seen from the air; wrong for photographs, digits and letters.</source>
        <translation>平均每两张图像上下颠倒一张。适合没有上下之分的图像，例如显微图像或航拍图像；不适合照片、数字和字母。</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>How far an image is moved, as a share of its edge: it is padded and cut at a random place. 0.125 is usual; less when the object fills the image.</source>
        <translation>图像移动的距离，以边长的比例表示：先填充，再在随机位置裁剪。通常取 0.125；物体占满图像时取更小的值。</translation>
    </message>
    <message>
        <source>Turn</source>
        <translation>旋转</translation>
    </message>
    <message>
        <source>Largest angle either way. 10 to 15 suits most images; 180 only where there is no up. A turned 6 is a 9, so keep it small for digits.</source>
        <translation>向任一方向的最大角度。10 到 15 适合大多数图像；只有没有上下之分时才用 180。6 转过来就是 9，所以数字要取小值。</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>How much larger or smaller an image becomes: 0.2 draws from 0.8 to 1.2 times. For objects that are seen from different distances.</source>
        <translation>图像放大或缩小的幅度：0.2 表示在 0.8 到 1.2 倍之间随机取值。适合远近不一的物体。</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>亮度</translation>
    </message>
    <message>
        <source>How much darker or lighter: 0.4 multiplies by 0.6 to 1.4. For pictures taken in different light.</source>
        <translation>变暗或变亮的幅度：0.4 表示乘以 0.6 到 1.4。适合在不同光线下拍摄的图片。</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>对比度</translation>
    </message>
    <message>
        <source>How much flatter or harder: 0.4 draws from 0.6 to 1.4. For pictures of different cameras.</source>
        <translation>对比减弱或增强的幅度：0.4 表示在 0.6 到 1.4 之间随机取值。适合来自不同相机的图片。</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>饱和度</translation>
    </message>
    <message>
        <source>How much paler or stronger colours become; grey images stay as they are. Leave it at 0 where the colour tells the class.</source>
        <translation>颜色变淡或变浓的幅度；灰度图像保持不变。颜色能区分类别时请保持为 0。</translation>
    </message>
    <message>
        <source>One random change</source>
        <translation>一种随机变化</translation>
    </message>
    <message>
        <source>Adds one operation of TrivialAugment at a random strength: turn, shear, shift, colours, sharpness, fewer grey levels, inverted lights, equalised.</source>
        <translation>加上 TrivialAugment 的一种操作，强度随机：旋转、错切、平移、颜色、锐度、减少灰度级、反转亮部、均衡化。</translation>
    </message>
    <message>
        <source>Fill with</source>
        <translation>填充为</translation>
    </message>
    <message>
        <source>What stands where an image was moved away: black, right where the background is black, or its edge drawn out, for photographs and white backgrounds.</source>
        <translation>图像移开后空出的位置填什么：黑色，适合黑色背景；或延伸图像边缘，适合照片和白色背景。</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>擦除</translation>
    </message>
    <message>
        <source>Part of the images in which a rectangle is overwritten with noise, so that the model looks at more than one detail. 0.25 to 0.5 helps on larger models; 0 for small objects that it would hide.</source>
        <translation>其中一个矩形被噪声覆盖的图像所占的比例，使模型不只依赖一个细节。0.25 到 0.5 对较大的模型有帮助；物体很小、会被遮住时取 0。</translation>
    </message>
    <message>
        <source>Mixup</source>
        <translation>Mixup</translation>
    </message>
    <message>
        <source>Blends two images and their labels; a larger alpha blends more evenly. 0.2 for long trainings that overfit, 0 is off. Needs classes; training accuracy then looks worse than it is.</source>
        <translation>把两张图像及其标签混合在一起；alpha 越大，混合越均匀。长时间训练出现过拟合时取 0.2，0 为关闭。需要类别；此时训练准确率看起来会比实际低。</translation>
    </message>
    <message>
        <source>CutMix</source>
        <translation>CutMix</translation>
    </message>
    <message>
        <source>Pastes a rectangle of another image and mixes the labels by its area. 1 for long trainings on photographs, 0 is off. Needs classes; together with mixup each batch gets one of them.</source>
        <translation>贴上另一张图像的一个矩形，并按面积混合标签。照片的长时间训练取 1，0 为关闭。需要类别；与 Mixup 同用时，每个批次使用其中一种。</translation>
    </message>
    <message>
        <source>Mixed batches</source>
        <translation>混合的批次</translation>
    </message>
    <message>
        <source>Part of the batches that mixup and CutMix touch. Lower it when the training no longer fits the plain images; 0.5 is usual for small ones.</source>
        <translation>使用 Mixup 和 CutMix 的批次所占的比例。训练不再能拟合原图时调低；小图像通常取 0.5。</translation>
    </message>
    <message>
        <source>Augmentation</source>
        <translation>数据增强</translation>
    </message>
    <message>
        <source>Changes training images at random each time they are seen, against overfitting on few images. light shifts, turns and zooms a little: safe for digits and letters. standard shifts and mirrors: for photographs and clothes, wrong for digits, letters and signs. trivial draws one strong change, for long trainings. auto looks whether mirroring confuses the classes. Only for images.</source>
        <translation>每次使用训练图像时随机改变它们，防止在少量图像上过拟合。light 略微平移、旋转和缩放：数字和字母也适用。standard 平移并镜像：适合照片和服装，不适合数字、字母和标志。trivial 随机取一种较强的变化，适合长时间训练。auto 会检查镜像是否混淆类别。只用于图像。</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>多个目标</translation>
    </message>
    <message>
        <source>Several columns to predict at once, instead of data.target: numbers for a regression or for quantiles, columns of yes and no for a multilabel task.</source>
        <translation>一次预测的几列，代替 data.target：数值列用于回归或分位数，“是/否”列用于多标签任务。</translation>
    </message>
    <message>
        <source>Focus</source>
        <translation>聚焦</translation>
    </message>
    <message>
        <source>How much less a row counts that the model already gets right (Lin 2017): 0 is plain cross-entropy, 2 is usual, more looks at the hardest rows only. Probabilities become less sure.</source>
        <translation>模型已经判断正确的行少算多少（Lin 2017）：0 就是普通交叉熵，常用 2，更大则只看最难的行。概率会变得不那么确定。</translation>
    </message>
    <message>
        <source>Quantiles</source>
        <translation>分位数</translation>
    </message>
    <message>
        <source>Which shares of the values lie below each prediction: 0.1, 0.5, 0.9 gives a middle and an interval that holds four values in five. Used when the task is quantile.</source>
        <translation>每个预测值之下应有多大比例的值：0.1, 0.5, 0.9 给出中值和一个包含五分之四的值的区间。任务为 quantile 时使用。</translation>
    </message>
    <message>
        <source>Decide between two classes</source>
        <translation>两类之间的判定</translation>
    </message>
    <message>
        <source>argmax takes the more probable class. tuned takes the second class above the probability that gives the best balanced accuracy on the validation rows, tuned_f1 the best macro F1: for uneven classes, in place of class weights, which would spoil the probabilities.</source>
        <translation>argmax 取概率较大的类别。tuned 在超过某个概率时取第二类，这个概率使验证行上的平衡准确率最高；tuned_f1 使宏平均 F1 最高：用于不均衡的类别，代替会破坏概率的类别权重。</translation>
    </message>
    <message>
        <source>Rate of the rest</source>
        <translation>其余部分的学习率</translation>
    </message>
    <message>
        <source>Learning rate of what Muon leaves to AdamW: biases, normalisations, embeddings and the output layer.</source>
        <translation>Muon 留给 AdamW 的部分的学习率：偏置、归一化、嵌入和输出层。</translation>
    </message>
    <message>
        <source>Decay over time</source>
        <translation>衰减随时间</translation>
    </message>
    <message>
        <source>How the weight decay changes during the training: constant stays, cosine falls to zero, flat_cos stays for the first half and then falls.</source>
        <translation>权重衰减在训练中如何变化：constant 不变；cosine 降到零；flat_cos 前一半不变然后下降。</translation>
    </message>
    <message>
        <source>Decay everything</source>
        <translation>全部衰减</translation>
    </message>
    <message>
        <source>Weight decay for biases and normalisations too. They are spared otherwise, which nearly always is better.</source>
        <translation>偏置和归一化也做权重衰减。否则它们不衰减，这几乎总是更好。</translation>
    </message>
    <message>
        <source>Hypergradient</source>
        <translation>超梯度</translation>
    </message>
    <message>
        <source>Lets the learning rate grow while steps keep their direction and shrink when they overshoot (hypergradient descent). 0 is off; 0.01 changes it by at most one per cent a step. For when you do not know the rate and do not want to search.</source>
        <translation>步子保持方向时让学习率增大，走过头时减小（超梯度下降）。0 为关闭；0.01 则每步最多改变百分之一。适合不知道学习率又不想搜索的时候。</translation>
    </message>
    <message>
        <source>Rate by depth</source>
        <translation>按深度的学习率</translation>
    </message>
    <message>
        <source>Learning rate of each layer as a part of the next one&apos;s towards the output: 1 trains all alike; 0.65 to 0.9 changes the early layers of a network with ready weights only gently.</source>
        <translation>每层的学习率是其后（靠近输出）一层的几分之几：1 则各层一样；0.65 到 0.9 使带现成权重的网络的前几层只轻微改变。</translation>
    </message>
    <message>
        <source>How the learning rate changes: cosine falls smoothly to the end and is a good default; one_cycle rises and falls, with the momentum the other way round, for short trainings with a high rate; flat_cosine stays high for longer; cosine_restarts begins again now and then; linear, polynomial and exponential fall in their own ways; coslog4 makes four waves, for tables; step drops at intervals, plateau drops when validation stops improving, constant stays.</source>
        <translation>学习率如何变化：cosine 平滑下降到结束，是好的默认；one_cycle 先升后降，动量则相反，适合高学习率的短训练；flat_cosine 在高处停留更久；cosine_restarts 不时重新开始；linear、polynomial 和 exponential 各以自己的方式下降；coslog4 作四个波，适合表格；step 每隔一段下降；plateau 在验证停止改善时下降；constant 不变。</translation>
    </message>
    <message>
        <source>Part of all steps over which the learning rate rises from zero before the schedule begins, so that the first steps break nothing.</source>
        <translation>学习率计划开始之前，学习率从零上升所占全部步数的比例，使最初的步子不破坏什么。</translation>
    </message>
    <message>
        <source>First restart after</source>
        <translation>首次重启于</translation>
    </message>
    <message>
        <source>Growth of periods</source>
        <translation>周期的增长</translation>
    </message>
    <message>
        <source>How much longer each period is than the one before; 2 is usual, 1 keeps them equal.</source>
        <translation>每个周期比前一个长多少倍；通常为 2，1 则都一样长。</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>幂</translation>
    </message>
    <message>
        <source>Flat part</source>
        <translation>平的部分</translation>
    </message>
    <message>
        <source>Rising part</source>
        <translation>上升部分</translation>
    </message>
    <message>
        <source>Part of the training in which the learning rate rises, before it falls; 0.3 is usual.</source>
        <translation>学习率在下降之前上升的那部分训练所占比例；通常为 0.3。</translation>
    </message>
    <message>
        <source>Average</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>Validates and keeps an average of the weights in the place of the last ones: ema follows them smoothly and helps nearly every long training; swa averages the epochs of the last part and often generalises better; none keeps the weights themselves.</source>
        <translation>验证并保存权重的平均，代替最后的权重：ema 平滑地跟随，对几乎所有长训练有帮助；swa 平均最后一部分的各轮，常常泛化更好；none 保留权重本身。</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>记忆</translation>
    </message>
    <message>
        <source>How much of the average stays at each step, once the training is older than that: 0.999 averages about the last thousand steps.</source>
        <translation>训练足够久之后，每一步保留平均值的多少：0.999 大约平均最近一千步。</translation>
    </message>
    <message>
        <source>Average from</source>
        <translation>平均起点</translation>
    </message>
    <message>
        <source>Part of the epochs after which the average begins. A constant or slowly falling learning rate suits it.</source>
        <translation>经过多大比例的轮数后开始平均。适合不变或缓慢下降的学习率。</translation>
    </message>
    <message>
        <source>Accumulate</source>
        <translation>累积</translation>
    </message>
    <message>
        <source>Batches whose gradients are averaged for one step: the effect of a batch so many times larger, in the memory of one. 1 is off.</source>
        <translation>每一步平均多少批的梯度：效果如同批大了这么多倍，而内存只需一批。1 为关闭。</translation>
    </message>
    <message>
        <source>Dropout over time</source>
        <translation>Dropout 随时间</translation>
    </message>
    <message>
        <source>How dropout changes during the training: constant stays, cosine falls to zero, flat_cos stays for the first half and then falls, so that the end of the training is undisturbed.</source>
        <translation>Dropout 在训练中如何变化：constant 不变；cosine 降到零；flat_cos 前一半不变然后下降，使训练的末尾不受干扰。</translation>
    </message>
    <message>
        <source>Spike guard</source>
        <translation>防止跳变</translation>
    </message>
    <message>
        <source>When the loss becomes NaN or stays far above what it was, goes back to the last good state and halves the learning rate; three times in a row end the training. Switch it off only to see where a training breaks.</source>
        <translation>损失变为 NaN 或一直远高于原来时，回到最后一个好的状态并把学习率减半；连续三次则结束训练。只有想看训练在哪里出问题时才关闭。</translation>
    </message>
    <message>
        <source>Executor</source>
        <translation>执行器</translation>
    </message>
    <message>
        <source>Top-5 accuracy</source>
        <translation>前 5 准确率</translation>
    </message>
    <message>
        <source>PR AUC</source>
        <translation>PR AUC</translation>
    </message>
    <message>
        <source>Brier score</source>
        <translation>Brier 分数</translation>
    </message>
    <message>
        <source>Calibration error</source>
        <translation>校准误差</translation>
    </message>
    <message>
        <source>Pinball loss</source>
        <translation>分位数损失</translation>
    </message>
    <message>
        <source>Interval coverage</source>
        <translation>区间覆盖率</translation>
    </message>
    <message>
        <source>Mean absolute percentage error</source>
        <translation>平均绝对百分比误差</translation>
    </message>
    <message>
        <source>For images with a tuned rate and momentum: slow to set, often the best end.</source>
        <translation>用于图像，需调好学习率和动量：调整费时，但结果往往最好。</translation>
    </message>
    <message>
        <source>As AdamW, with decay mixed into the gradient. To repeat older work.</source>
        <translation>与 AdamW 相同，但衰减混入梯度。用于重现较早的工作。</translation>
    </message>
    <message>
        <source>Right nearly always, and without trying.</source>
        <translation>几乎总是合适，且无需试验。</translation>
    </message>
    <message>
        <source>AdamW that looks ahead; a little faster on recurrent networks.</source>
        <translation>带前瞻的 AdamW；在循环网络上略快。</translation>
    </message>
    <message>
        <source>AdamW with a careful start: when the first steps break things.</source>
        <translation>起步谨慎的 AdamW：最初几步会出问题时使用。</translation>
    </message>
    <message>
        <source>The classic for recurrent networks, and for MobileNet.</source>
        <translation>循环网络和 MobileNet 的经典选择。</translation>
    </message>
    <message>
        <source>For rare features, such as categories with many values; it slows down by itself.</source>
        <translation>用于稀有特征，例如取值很多的类别；它会自行放慢。</translation>
    </message>
    <message>
        <source>Needs no rate; slower than the others. To repeat older work.</source>
        <translation>不需要学习率；比其他的慢。用于重现较早的工作。</translation>
    </message>
    <message>
        <source>Half the memory of AdamW, for large networks and batches; a rate ten times smaller.</source>
        <translation>内存为 AdamW 的一半，用于大型网络和大批次；学习率要小十倍。</translation>
    </message>
    <message>
        <source>For batches of thousands of rows.</source>
        <translation>用于数千行的批次。</translation>
    </message>
    <message>
        <source>For wide networks and transformers: often needs the fewest steps.</source>
        <translation>用于宽网络和 Transformer：所需步数往往最少。</translation>
    </message>
    <message>
        <source>Finds its rate: when you do not want to search for one. Leave the rate at 1.</source>
        <translation>自行找到学习率：不想搜索学习率时使用。学习率请保持为 1。</translation>
    </message>
    <message>
        <source>Finds its rate as Prodigy does, more cautiously. Leave the rate at 1.</source>
        <translation>像 Prodigy 一样自行找到学习率，但更谨慎。学习率请保持为 1。</translation>
    </message>
    <message>
        <source>Finds rate and momentum of SGD while it trains. Leave the rate at 1.</source>
        <translation>在训练中找到 SGD 的学习率和动量。学习率请保持为 1。</translation>
    </message>
    <message>
        <source>SGD without a schedule: when you cannot say how long you will train.</source>
        <translation>不需要调度的 SGD：说不准要训练多久时使用。</translation>
    </message>
    <message>
        <source>AdamW without a schedule: when you cannot say how long you will train.</source>
        <translation>不需要调度的 AdamW：说不准要训练多久时使用。</translation>
    </message>
    <message>
        <source>Tries AdamW and SGD in short trainings and takes the better one: when you would rather not choose.</source>
        <translation>用短训练试验 AdamW 和 SGD，取较好者：不想自己选择时使用。</translation>
    </message>
    <message>
        <source>For short trials, and for optimisers that need no schedule.</source>
        <translation>用于短试验，以及不需要调度的优化器。</translation>
    </message>
    <message>
        <source>A good default: smooth, and well settled at the end.</source>
        <translation>良好的默认选择：平滑，结束时稳定。</translation>
    </message>
    <message>
        <source>Drops at fixed epochs, as older papers on images do.</source>
        <translation>在固定的轮次下降，与较早的图像论文相同。</translation>
    </message>
    <message>
        <source>Drops when validation stands still: when you do not know how long it takes.</source>
        <translation>验证停滞时下降：不知道需要多久时使用。</translation>
    </message>
    <message>
        <source>For few epochs with a high rate: often the quickest way to a good model.</source>
        <translation>轮数少、学习率高时使用：往往是得到好模型的最快途径。</translation>
    </message>
    <message>
        <source>Several runs in one: good to stop after any period.</source>
        <translation>一次训练含多个周期：在任一周期之后都可以停止。</translation>
    </message>
    <message>
        <source>As cosine, usual for transformers.</source>
        <translation>与余弦相近，常用于 Transformer。</translation>
    </message>
    <message>
        <source>A fall whose shape you choose; usual for segmenting images.</source>
        <translation>下降的形状由您选择；常用于图像分割。</translation>
    </message>
    <message>
        <source>The same factor each epoch: when the number of epochs may change.</source>
        <translation>每轮乘以同一系数：轮数可能改变时使用。</translation>
    </message>
    <message>
        <source>A high rate for longer, then a fall: for long trainings with augmentation.</source>
        <translation>较长时间保持高学习率，然后下降：用于带数据增强的长训练。</translation>
    </message>
    <message>
        <source>Four waves, for tables: what realmlp was tuned with.</source>
        <translation>四个波，用于表格：realmlp 就是用它调优的。</translation>
    </message>
    <message>
        <source>What suits the task: cross-entropy for classes, squared error for numbers.</source>
        <translation>适合任务的损失：类别用交叉熵，数值用平方误差。</translation>
    </message>
    <message>
        <source>For classes: gives honest probabilities.</source>
        <translation>用于类别：给出可信的概率。</translation>
    </message>
    <message>
        <source>When rare or hard rows are what matters; probabilities become less sure.</source>
        <translation>稀有或困难的行更重要时使用；概率会不那么确定。</translation>
    </message>
    <message>
        <source>For several labels at once: each is a question of its own.</source>
        <translation>用于同时有多个标签：每个标签是一个独立的问题。</translation>
    </message>
    <message>
        <source>Predicts the mean; one outlier counts much.</source>
        <translation>预测均值；一个离群值影响很大。</translation>
    </message>
    <message>
        <source>Predicts the median; outliers hardly count.</source>
        <translation>预测中位数；离群值几乎没有影响。</translation>
    </message>
    <message>
        <source>Squared for small errors, linear for large ones: when some targets are wrong.</source>
        <translation>小误差按平方，大误差按线性：部分目标值有错时使用。</translation>
    </message>
    <message>
        <source>For counts: visits, claims, events in a time.</source>
        <translation>用于计数：访问量、索赔数、一段时间内的事件数。</translation>
    </message>
    <message>
        <source>For anomalies: the network learns to repeat its input.</source>
        <translation>用于异常检测：网络学习重现其输入。</translation>
    </message>
    <message>
        <source>For quantiles: an interval instead of one number.</source>
        <translation>用于分位数：给出一个区间而不是一个数。</translation>
    </message>
    <message>
        <source>The weights of the best epoch, as they are.</source>
        <translation>最佳一轮的权重，保持原样。</translation>
    </message>
    <message>
        <source>For long trainings and noisy validation: steadier, hardly any cost.</source>
        <translation>用于长训练和波动较大的验证：更稳定，几乎没有开销。</translation>
    </message>
    <message>
        <source>For the last part of a long training on images: often generalises better.</source>
        <translation>用于图像长训练的最后阶段：泛化往往更好。</translation>
    </message>
    <message>
        <source>When both classes are about as frequent, or only probabilities matter.</source>
        <translation>两个类别频率相近，或只关心概率时使用。</translation>
    </message>
    <message>
        <source>When one class is rare and missing it is as bad as a false alarm.</source>
        <translation>一个类别稀有，且漏报与误报同样糟糕时使用。</translation>
    </message>
    <message>
        <source>When one class is rare and precision matters as much as finding it.</source>
        <translation>一个类别稀有，且精确率与召回同样重要时使用。</translation>
    </message>
    <message>
        <source>Now and then, mostly at epoch ends: hardly costs any time.</source>
        <translation>每隔一段时间记录，多在轮末：几乎没有开销。</translation>
    </message>
    <message>
        <source>To look closely at a short training.</source>
        <translation>用于仔细观察较短的训练。</translation>
    </message>
    <message>
        <source>For very large networks, and for searches that nobody looks at.</source>
        <translation>用于非常大的网络，以及没有人查看的搜索。</translation>
    </message>
    <message>
        <source>For many rows, or weights that begin at random.</source>
        <translation>用于行数很多，或权重随机开始的情况。</translation>
    </message>
    <message>
        <source>For a few hundred rows: ready weights stay, only the end learns.</source>
        <translation>用于几百行数据：现成的权重保持不变，只训练末端。</translation>
    </message>
    <message>
        <source>For some thousand rows: the end learns first, then everything, gently.</source>
        <translation>用于几千行数据：先训练末端，然后温和地训练全部。</translation>
    </message>
    <message>
        <source>The quickest that knows every layer.</source>
        <translation>支持所有层的最快执行器。</translation>
    </message>
    <message>
        <source>To be told when a network cannot use the fused executor.</source>
        <translation>用于在网络不能使用融合执行器时得到提示。</translation>
    </message>
    <message>
        <source>To compare with the reference.</source>
        <translation>用于与参考实现比较。</translation>
    </message>
    <message>
        <source>A graphics card where there is one and the network is large enough.</source>
        <translation>有显卡且网络足够大时使用显卡。</translation>
    </message>
    <message>
        <source>For small networks, and to get the same bits on every machine.</source>
        <translation>用于小型网络，以及在每台机器上得到逐位相同的结果。</translation>
    </message>
    <message>
        <source>For large networks and images.</source>
        <translation>用于大型网络和图像。</translation>
    </message>
    <message>
        <source>For losses and errors.</source>
        <translation>用于损失和误差。</translation>
    </message>
    <message>
        <source>For accuracy and other scores.</source>
        <translation>用于准确率和其他得分。</translation>
    </message>
    <message>
        <source>The same all the time: nearly always right.</source>
        <translation>始终不变：几乎总是合适。</translation>
    </message>
    <message>
        <source>Falls to zero, so that the end is undisturbed.</source>
        <translation>降到零，使结尾不受干扰。</translation>
    </message>
    <message>
        <source>Stays for the first half, then falls: what realmlp was tuned with.</source>
        <translation>前半段保持不变，然后下降：realmlp 就是用它调优的。</translation>
    </message>
    <message>
        <source>For many images, or where every change would change the class.</source>
        <translation>用于图像很多，或任何改变都会改变类别的情况。</translation>
    </message>
    <message>
        <source>Light or standard, by a look at whether mirroring confuses the classes.</source>
        <translation>轻度或标准，取决于镜像是否会混淆类别。</translation>
    </message>
    <message>
        <source>For digits, letters and signs, and wherever you are not sure.</source>
        <translation>用于数字、字母和标志，以及任何不确定的情况。</translation>
    </message>
    <message>
        <source>For photographs and clothes.</source>
        <translation>用于照片和服装。</translation>
    </message>
    <message>
        <source>For long trainings of larger networks on photographs.</source>
        <translation>用于较大网络在照片上的长训练。</translation>
    </message>
    <message>
        <source>To choose each change yourself.</source>
        <translation>自行选择每一种变化。</translation>
    </message>
    <message>
        <source>Where the background is black.</source>
        <translation>用于背景为黑色的图像。</translation>
    </message>
    <message>
        <source>For photographs and white backgrounds.</source>
        <translation>用于照片和白色背景。</translation>
    </message>
    <message>
        <source>classification predicts one of several classes, regression numbers, multilabel any number of labels at once, quantile an interval that a number will lie in, anomaly how unusual a row is, without any target, forecast the next values of a series. auto takes text, booleans and whole numbers with at most 20 values as classes.</source>
        <translation>classification 预测若干类别之一，regression 预测数字，multilabel 同时预测任意个标签，quantile 预测数字所在的区间，anomaly 给出一行有多异常（不需要目标），forecast 预测序列接下来的值。auto 把文本、布尔值以及至多 20 种取值的整数当作类别。</translation>
    </message>
    <message>
        <source>How rows are dealt to train, validation and test: stratified keeps the shares of the classes, group keeps rows of one group together, time tests on the latest rows. auto is stratified for classes, else random; windows are always split in time.</source>
        <translation>如何把行分到训练、验证和测试：stratified 保持各类别的比例，group 让同一组的行在一起，time 用最新的行测试。auto 对类别用 stratified，否则用 random；窗口总是按时间划分。</translation>
    </message>
    <message>
        <source>Bins of numbers</source>
        <translation>数值分箱</translation>
    </message>
    <message>
        <source>Into how many equally full bins of the training rows the numeric embedding piecewise_linear cuts each column; 0 takes 48 where the model has such an embedding. Fewer suit small tables.</source>
        <translation>数值嵌入 piecewise_linear 按训练行把每一列分成多少个数量相等的箱；0 在模型有这种嵌入时取 48。小表适合少一些。</translation>
    </message>
    <message>
        <source>Image scaling</source>
        <translation>图像缩放方式</translation>
    </message>
    <message>
        <source>How pixels become numbers around 0: fitted uses mean and deviation of the training images, imagenet those that ready weights were made with (grey images get three channels); auto takes imagenet for the templates in torchvision&apos;s layout.</source>
        <translation>像素如何变为 0 附近的数：fitted 使用训练图像的均值和标准差，imagenet 使用现成权重训练时所用的值（灰度图像变为三个通道）；auto 对 torchvision 结构的模板取 imagenet。</translation>
    </message>
    <message>
        <source>What training makes small. Classes: cross_entropy, or focal when the rare rows are what matters. Several labels: bce or focal. Numbers: mse, mae or huber when there are outliers, poisson for counts. Quantiles: pinball. Anomalies: reconstruction. auto follows the task.</source>
        <translation>训练要减小的量。类别：cross_entropy，少见的行更重要时用 focal。多个标签：bce 或 focal。数值：mse，有离群值时用 mae 或 huber，计数用 poisson。分位数：pinball。异常：reconstruction。auto 随任务而定。</translation>
    </message>
    <message>
        <source>Errors beyond this, in deviations of the target, count linearly instead of squared. 1 is usual; lower it when there are many outliers.</source>
        <translation>超过此值（以目标的标准差计）的误差按线性而不是平方计。通常为 1；离群值多时请减小。</translation>
    </message>
    <message>
        <source>The kind of network to start from: mlp, resmlp, realmlp, tabm and ft-transformer for tables; cnn, resnet-small, wide-resnet and mobilenet-small for images, resnet18, resnet34, resnet50 and mobilenet-v2 for images with ready weights; conv1d, gru, lstm and transformer for sequences; autoencoder for anomalies; custom for layers edited by hand; empty chooses by the data.</source>
        <translation>起始网络的种类：表格用 mlp、resmlp、realmlp、tabm 和 ft-transformer；图像用 cnn、resnet-small、wide-resnet 和 mobilenet-small，带现成权重的图像用 resnet18、resnet34、resnet50 和 mobilenet-v2；序列用 conv1d、gru、lstm 和 transformer；异常检测用 autoencoder；custom 为手工编辑的层；留空则按数据选择。</translation>
    </message>
    <message>
        <source>How the weights follow the gradient. auto tries adamw and sgd with several rates and momenta in short trainings before step 1 and takes the best; adamw is a good choice without trying; adam is the same without decoupled decay; sgd with momentum can win on images with a tuned rate; nadam and radam start more gently; rmsprop, adagrad and adadelta are the classics (recurrent nets, rare features); lion needs less memory and a rate ten times smaller; lamb is for batches of thousands; muon is often the fastest for wide networks; prodigy, dadapt_adam and yellowfin find the rate by themselves; the schedule_free ones need no schedule. The other settings follow to their usual values unless they were changed.</source>
        <translation>权重如何跟随梯度。auto 在第 1 步之前用短训练试验 adamw 和 sgd 的若干学习率与动量并取最佳者；adamw 无需试验也是好的选择；adam 与之相同，但权重衰减不解耦；sgd 加动量在学习率调好后于图像上可能更优；nadam 和 radam 起步更平缓；rmsprop、adagrad 和 adadelta 是经典方法（循环网络、稀疏特征）；lion 占用内存更少，学习率要小十倍；lamb 适合上千行的批次；muon 对宽网络往往最快；prodigy、dadapt_adam 和 yellowfin 自行确定学习率；schedule_free 系列不需要学习率计划。其他设置若未改动，会随之取惯用值。</translation>
    </message>
    <message>
        <source>Size of a step, the setting that matters most. auto (0) chooses it by short trainings before step 1. Lower it when the loss jumps or becomes NaN, raise it when the loss hardly moves; try factors of 3. For prodigy, dadapt_adam and yellowfin it multiplies the rate they find; leave it at 1.</source>
        <translation>每一步的大小，最重要的设置。auto（0）在第 1 步之前用短训练选定。损失跳动或变为 NaN 时调低，损失几乎不动时调高；每次以 3 倍试验。对 prodigy、dadapt_adam 和 yellowfin，它乘以它们找到的学习率；保持 1 即可。</translation>
    </message>
    <message>
        <source>How much of the last steps&apos; direction is kept. 0.9 is usual; 0.95 to 0.99 for small batches and a low rate, less when the loss swings.</source>
        <translation>保留多少前几步的方向。通常为 0.9；小批次和低学习率时用 0.95 至 0.99，损失摆动时减小。</translation>
    </message>
    <message>
        <source>Looks ahead along the momentum before it measures the gradient. Worth a try with SGD on images; it costs nothing.</source>
        <translation>在测量梯度之前沿动量方向前瞻。在图像上使用 SGD 时值得一试；没有开销。</translation>
    </message>
    <message>
        <source>Memory of Adam for the direction. Leave it at 0.9; 0.95 is smoother on noisy batches, 0 to 0.5 suits losses that keep changing.</source>
        <translation>Adam 对方向的记忆。请保持 0.9；批次噪声大时 0.95 更平滑，损失不断变化时 0 至 0.5 更合适。</translation>
    </message>
    <message>
        <source>Memory of Adam for the size of gradients. Lower it to 0.99 or 0.95 when the loss jumps now and then, as with transformers and large batches.</source>
        <translation>Adam 对梯度大小的记忆。损失偶尔跳动时（如 Transformer 和大批次）请减小到 0.99 或 0.95。</translation>
    </message>
    <message>
        <source>Keeps Adam from dividing by zero. Raise it to 1e-4 or 1e-3 when single weights jump; else leave it.</source>
        <translation>防止 Adam 除以零。个别权重跳动时增大到 1e-4 或 1e-3；否则保持不变。</translation>
    </message>
    <message>
        <source>Learning rate at the end, as a part of the full one. 0 settles best; 0.1 when the loss still falls at the end.</source>
        <translation>结束时的学习率，占完整学习率的比例。0 收敛最好；若结束时损失仍在下降，用 0.1。</translation>
    </message>
    <message>
        <source>Epochs between two drops of the learning rate. A third of all epochs is usual.</source>
        <translation>两次降低学习率之间的轮数。通常为总轮数的三分之一。</translation>
    </message>
    <message>
        <source>What the learning rate is multiplied by at each drop: 0.1 is usual, 0.5 is gentler. For exponential, over each epoch: 0.9 to 0.98.</source>
        <translation>每次下降时学习率乘以的系数：通常为 0.1，0.5 更温和。对于指数调度则为每轮的系数：0.9 至 0.98。</translation>
    </message>
    <message>
        <source>Epochs without a better validation loss before the learning rate drops. More where validation is noisy, since few rows are in it.</source>
        <translation>验证损失没有改善多少轮之后降低学习率。验证行少、波动大时请增大。</translation>
    </message>
    <message>
        <source>Epochs of the first period, before the learning rate jumps back up. A tenth of all epochs is a good start.</source>
        <translation>第一个周期的轮数，之后学习率跳回高值。总轮数的十分之一是不错的起点。</translation>
    </message>
    <message>
        <source>Shape of the fall: 1 is a straight line, 2 falls sooner and ends softly, 0.9 is usual for segmenting images.</source>
        <translation>下降的形状：1 为直线，2 下降更早、结尾平缓，0.9 常用于图像分割。</translation>
    </message>
    <message>
        <source>Part of the training with the full learning rate, before it falls. 0.5 to 0.75 suits long trainings.</source>
        <translation>保持完整学习率的训练部分，之后下降。长训练适合 0.5 至 0.75。</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Rows that the model sees at once, in the order of time, the newest last: for time series, where a row says little without those before it. As long as the pattern to be seen, such as 24 for a day of hours; 0 takes each row for itself.</source>
        <translation>模型一次看到的行，按时间顺序，最新的在最后：用于时间序列，因为单独一行没有之前的行就说明不了什么。长度取要看到的规律的长度，例如按小时的一天取 24；0 表示每行单独使用。</translation>
    </message>
    <message>
        <source>Horizon</source>
        <translation>预测步数</translation>
    </message>
    <message>
        <source>How many rows ahead a forecast goes: 12 predicts each of the 12 rows that follow the window. The further, the less sure; 0 predicts what the window&apos;s last row says.</source>
        <translation>向前预测多少行：12 表示预测窗口之后 12 行中的每一行。越远越不确定；0 表示预测窗口最后一行的目标。</translation>
    </message>
    <message>
        <source>Stride</source>
        <translation>步幅</translation>
    </message>
    <message>
        <source>Rows from one window of training to the next. 1 uses all of them; more is faster on long series, whose neighbouring windows say nearly the same. Validation and test use all windows.</source>
        <translation>训练中从一个窗口到下一个窗口的行数。1 使用所有窗口；对于长序列，更大的值更快，因为相邻窗口几乎相同。验证和测试使用所有窗口。</translation>
    </message>
    <message>
        <source>Automatic epochs</source>
        <translation>自动确定轮数</translation>
    </message>
    <message>
        <source>Finds before the training how many epochs are worth it, by trainings of 5, 10, 20 ... epochs, and fits the schedule to that many; the field epochs is the most. For when you do not know how long to train.</source>
        <translation>训练前通过 5、10、20 ……轮的训练找出值得训练多少轮，并使学习率计划与之相符；轮数字段为上限。适合不知道要训练多久的时候。</translation>
    </message>
    <message>
        <source>Rows that are averaged for one step. Larger is faster on large data, smaller often generalises better; auto (0) takes 32 to 256 by the number of rows, find (-1) measures from which size on a larger one is hardly faster.</source>
        <translation>每一步取平均的行数。数据多时大批次更快，小批次往往泛化更好；auto（0）按行数取 32 到 256，find（-1）通过测量找出从多大起再大也几乎不更快。</translation>
    </message>
    <message>
        <source>A smaller improvement counts as none. Raise it when training goes on for the fourth digit; 0 counts every one.</source>
        <translation>更小的改善视为没有改善。若训练只为第四位数字而继续，请增大；0 表示任何改善都算。</translation>
    </message>
    <message>
        <source>A checkpoint is written at least so often, so that a crash costs no more than this. Raise it for very large networks, whose checkpoints take seconds.</source>
        <translation>至少每隔这么久写一个检查点，使崩溃的损失不超过此时间。非常大的网络写检查点需要数秒，请增大此值。</translation>
    </message>
    <message>
        <source>Histograms</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>How weights and gradients of each layer are spread, kept over time to see layers that stand still, explode or die. auto keeps it now and then, which costs nothing that you would notice; every_epoch shows more of short epochs; off keeps none, for very large networks.</source>
        <translation>每层权重和梯度的分布随时间的记录，用于发现停滞、爆炸或失活的层。auto 每隔一段时间记录，开销难以察觉；every_epoch 对较短的轮记录更多；off 不记录，用于非常大的网络。</translation>
    </message>
    <message>
        <source>Weights file</source>
        <translation>权重文件</translation>
    </message>
    <message>
        <source>A .pth, .pt or .safetensors file whose numbers the model starts from, matched by names and shapes; empty starts from random ones. Use it when there are few images: a network trained on millions knows edges and textures already. Nothing in the file is executed.</source>
        <translation>模型从中开始的 .pth、.pt 或 .safetensors 文件，按名称和形状匹配；留空则从随机数开始。图像较少时使用：在数百万张图像上训练过的网络已经认识边缘和纹理。文件中的任何内容都不会被执行。</translation>
    </message>
    <message>
        <source>Hash of the weights</source>
        <translation>权重的哈希</translation>
    </message>
    <message>
        <source>SHA-256 of the weights file when it was read, so that a changed file is noticed; Lathe fills it in.</source>
        <translation>读取权重文件时的 SHA-256，以便发现文件被更改；由 Lathe 填写。</translation>
    </message>
    <message>
        <source>LoRA rank</source>
        <translation>LoRA 秩</translation>
    </message>
    <message>
        <source>Low-rank adaptation: leaves all ready weights as they are and learns two small matrices of this rank beside each Linear and attention layer, which an export merges again. 4 to 16 suit few rows; 0 is off.</source>
        <translation>低秩适配：所有现成权重保持不变，在每个线性层和注意力层旁学习两个此秩的小矩阵，导出时再合并。数据较少时取 4 到 16；0 为关闭。</translation>
    </message>
    <message>
        <source>LoRA alpha</source>
        <translation>LoRA alpha</translation>
    </message>
    <message>
        <source>How strongly the adapters count: what they add is multiplied by alpha / rank. Once or twice the rank is usual.</source>
        <translation>适配器的作用强度：其增量乘以 alpha / 秩。通常取秩的一到两倍。</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>冻结</translation>
    </message>
    <message>
        <source>What keeps its weights: backbone trains the output layer alone (fast, and right for very few rows), backbone_then_all does that first and then trains everything, none trains everything from the start. Only sensible with ready weights.</source>
        <translation>哪些部分保持权重不变：backbone 只训练输出层（快，适合数据很少时），backbone_then_all 先这样做再训练全部，none 从一开始就训练全部。只有使用现成权重时才有意义。</translation>
    </message>
    <message>
        <source>Frozen for</source>
        <translation>冻结时长</translation>
    </message>
    <message>
        <source>Epochs before everything learns: until the fresh output layer no longer shakes the ready weights, 2 to 5 as a rule.</source>
        <translation>全部参与学习之前的轮数：直到新的输出层不再扰动现成权重，一般为 2 到 5。</translation>
    </message>
    <message>
        <source>What is fastest on the device without a loss of quality.</source>
        <translation>在该设备上最快，且不损失质量。</translation>
    </message>
    <message>
        <source>To compare runs to the last digit, and where a loss becomes NaN.</source>
        <translation>要把多次运行比较到最后一位时，以及损失变成 NaN 时。</translation>
    </message>
    <message>
        <source>For large networks on a graphics card, or when memory is short.</source>
        <translation>显卡上的大型网络，或内存不足时。</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>hashed reads columns of the kind text by their words and parts of words, so that remarks, titles and names help to predict; ignore leaves them out, which trains faster. Not used with windows or for anomalies.</source>
        <translation>hashed 按词和词的片段读取文本列，让备注、标题和名称也能帮助预测；ignore 不使用它们，训练更快。不用于窗口和异常检测。</translation>
    </message>
    <message>
        <source>Text buckets</source>
        <translation>文本桶数</translation>
    </message>
    <message>
        <source>How many different codes the words and parts of words of a text column are hashed to. More confuse fewer words with each other, but all are updated in every step; auto takes 16384, and 32768 from 50000 training rows on.</source>
        <translation>文本列的词和词的片段被哈希成多少个不同的编码。越多，越少的词会被混淆，但每一步都要更新全部编码；auto 取 16384，训练行数达到 50000 起取 32768。</translation>
    </message>
    <message>
        <source>Codes of a text</source>
        <translation>每条文本的编码数</translation>
    </message>
    <message>
        <source>How many codes a text may have: all its words first, then pairs of words, then parts of words. What comes later is not seen. auto takes as many as 95 % of the training rows need, at most 512.</source>
        <translation>一条文本最多有多少个编码：先是全部的词，然后是相邻词对，最后是词的片段，超出的部分看不到。auto 取 95 % 的训练行所需的数目，最多 512。</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>What matrix products and convolutions are computed in. bfloat16 halves their memory and is about twice as fast on graphics cards that have it, with nearly always the same result; weights, sums and the optimiser stay in float32. auto takes it on such cards and float32 on the processor, where the fused executor in float32 is faster than LibTorch in bfloat16.</source>
        <translation>矩阵乘积和卷积用什么精度计算。bfloat16 占用的内存减半，在支持它的显卡上大约快一倍，结果几乎总是相同；权重、求和与优化器仍用 float32。auto 在这样的显卡上用 bfloat16，在处理器上用 float32：那里融合执行器的 float32 比 LibTorch 的 bfloat16 更快。</translation>
    </message>
    <message>
        <source>Sample rate</source>
        <translation>采样率</translation>
    </message>
    <message>
        <source>Sound: samples a second that every clip is brought to; 0 takes the rate of most files, at most 48000. 16000 is enough for speech and trains faster than 44100.</source>
        <translation>声音：每段音频统一转换到的每秒采样数；0 采用多数文件的采样率，最高 48000。语音用 16000 就够，训练也比 44100 快。</translation>
    </message>
    <message>
        <source>Clip length</source>
        <translation>片段长度</translation>
    </message>
    <message>
        <source>Sound: longer clips are cut at the end, shorter ones end in silence; 0 takes what 95 % of the clips do not exceed, at most 30.</source>
        <translation>声音：较长的片段截去末尾，较短的以静音补足；0 取 95 % 的片段不超过的长度，最多 30。</translation>
    </message>
    <message>
        <source>How often the training goes through all rows. More helps while the validation loss still falls; then it only overfits. auto (0) takes what is usual for the model: 20, on few rows up to 100 so that there are a thousand steps, for realmlp and tabm up to 256. On up to 5000 rows these two find on folds how many of them are worth it.</source>
        <translation>训练遍历所有行的次数。验证损失仍在下降时更多有益；之后只会过拟合。auto（0）取该模型的惯用值：20，行数少时最多 100，以达到一千步；realmlp 和 tabm 最多 256。在不超过 5000 行时，这两者会通过交叉折找出其中多少次值得。</translation>
    </message>
    <message>
        <source>What computes the steps: auto takes the fused executor, several times faster on small and middle networks, wherever it knows every layer, and LibTorch elsewhere.</source>
        <translation>由什么来计算每一步：auto 在融合执行器支持所有层时使用它（对中小型网络快数倍），否则使用 LibTorch。</translation>
    </message>
    <message>
        <source>Hue</source>
        <translation>色相</translation>
    </message>
    <message>
        <source>How far colours turn along the circle of colours, as a share of it, either way: 0.05 is hardly seen, 0.5 reaches every colour. For things that come in any colour; leave it at 0 where the colour tells the class.</source>
        <translation>颜色沿色环向两侧转动的幅度，以整圈的比例表示：0.05 几乎看不出，0.5 可达任何颜色。适用于可能是任何颜色的物体；颜色能区分类别时请保持为 0。</translation>
    </message>
</context>
</TS>
