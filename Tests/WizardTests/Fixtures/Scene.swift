import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// A page in one of its states, for golden files and pictures.
struct Scene: Sendable, CustomTestStringConvertible {
    let name: String
    var isSmallToo = false
    var isPicture = false
    private let facts: Facts?
    private let isRehearsal: Bool
    private let play: @Sendable (inout Stage) -> Void

    init(
        _ name: String, isSmallToo: Bool = false, isPicture: Bool = false, facts: Facts? = Sample.facts,
        isRehearsal: Bool = false, play: @escaping @Sendable (inout Stage) -> Void
    ) {
        self.name = name
        self.isSmallToo = isSmallToo
        self.isPicture = isPicture
        self.facts = facts
        self.isRehearsal = isRehearsal
        self.play = play
    }

    var testDescription: String { name }

    func stage(_ columns: Int, _ rows: Int) -> Stage {
        var stage = Stage(columns: columns, rows: rows, isRehearsal: isRehearsal, facts: facts)
        play(&stage)
        return stage
    }

    static let all: [Scene] = [
        Scene("start", isSmallToo: true, isPicture: true) { _ in },
        Scene("start-installed", isSmallToo: true, isPicture: true, facts: Sample.rotationFacts) { stage in
            stage.send(.installations(Sample.manyInstallations))
        },
        Scene("start-cluster", facts: Sample.sharedFacts) { stage in
            stage.send(.installations(Sample.manyInstallations))
        },
        Scene("proposal", isSmallToo: true, isPicture: true) { $0.go(to: .proposal) },
        Scene("proposal-failed", isPicture: true, facts: nil) { stage in
            stage.press(.enter)
            stage.look(Sample.bareFacts)
        },
        Scene("proposal-confirm", isPicture: true) { stage in
            stage.choose(.uninstall, finding: Sample.installedFacts)
            stage.press(.enter)
        },
        Scene("proposal-uninstall", isSmallToo: true, isPicture: true) {
            $0.choose(.uninstall, finding: Sample.installedFacts)
        },
        Scene("proposal-rotate", isSmallToo: true, isPicture: true) {
            $0.choose(.rotate, finding: Sample.rotationFacts)
        },
        Scene("proposal-sleep", isPicture: true, facts: Sample.installedFacts) {
            $0.choose(.sleep, finding: Sample.idleFacts)
        },
        Scene("proposal-wake", isPicture: true, facts: Sample.asleepFacts) {
            $0.choose(.wake, finding: Sample.asleepFacts)
        },
        Scene("clients", isSmallToo: true, isPicture: true, facts: Sample.rotationFacts) { stage in
            stage.press(.character("c"))
            stage.send(.clients(Sample.clients))
        },
        Scene("client-add", isPicture: true, facts: Sample.rotationFacts) { stage in
            stage.press(.character("c"))
            stage.send(.clients(Sample.clients))
            stage.press(.character("a"))
        },
        Scene("client", isPicture: true, facts: Sample.rotationFacts) { $0.manage("a", at: "client") },
        Scene("client-approach", isPicture: true, facts: Sample.rotationFacts) {
            $0.manage("a", at: "approach")
        },
        Scene("client-revocation", isPicture: true, facts: Sample.rotationFacts) {
            $0.manage("R", at: "revocation")
        },
        Scene("scaling", isPicture: true, facts: Sample.installedFacts) { stage in
            stage.choose(.sleep, finding: Sample.idleFacts)
            stage.go(to: .form("scaling"))
        },
        Scene("doctor", isPicture: true) { stage in
            stage.press(.character("d"))
            stage.examine()
        },
        Scene("doctor-filter") { stage in
            stage.press(.character("d"))
            stage.examine()
            stage.press(.character("/"))
            stage.type("cert")
        },
        Scene("doctor-examining") { stage in
            stage.press(.character("d"))
            stage.examine(isOver: false)
        },
        Scene("start-filter", facts: Sample.sharedFacts) { stage in
            stage.send(.installations(Sample.manyInstallations))
            stage.press(.character("/"))
            stage.type("team")
        },
        Scene("start-context") { $0.press(.character("x")) },
        Scene("help", isPicture: true) { $0.press(.function(1)) },
        Scene("leave", isPicture: true) { $0.press(.escape) },
        Scene("checks", isSmallToo: true, isPicture: true) { $0.go(to: .checks) },
        Scene("checks-failed", isPicture: true, facts: nil) {
            $0.look(Sample.poorFacts, isOver: false)
            $0.press(.enter, .character("c"))
        },
        Scene("checks-filter") { stage in
            stage.go(to: .checks)
            stage.press(.character("/"))
            stage.type("sec")
        },
        Scene("checks-nothing", facts: Sample.bareFacts) { $0.press(.enter, .character("c")) },
        Scene("checks-context", isPicture: true) { stage in
            stage.go(to: .checks)
            stage.press(.character("c"))
        },
        Scene("address", isSmallToo: true, isPicture: true) { $0.go(to: .form("address")) },
        Scene("address-proposals", isPicture: true) { stage in
            stage.go(to: .form("address"))
            stage.press(.down, .enter, .tab)
            stage.press(.control("p"), .down, .enter)
        },
        Scene("address-refused", isPicture: true) { stage in
            stage.go(to: .form("address"))
            stage.press(.tab, .tab)
            stage.type("builder_1.example.com")
            stage.press(.enter)
        },
        Scene("certificates", isSmallToo: true, isPicture: true) { $0.go(to: .form("certificates")) },
        Scene("certificates-contradiction") { stage in
            stage.go(to: .form("certificates"))
            for _ in 0..<5 { stage.press(.tab) }
            stage.replace(with: "5000")
            stage.press(.enter)
        },
        Scene("release", isPicture: true) { $0.go(to: .form("release")) },
        Scene("builder", isSmallToo: true, isPicture: true) { $0.go(to: .form("builder")) },
        Scene("registration", isPicture: true) { $0.go(to: .form("registration")) },
        Scene("review", isSmallToo: true, isPicture: true) { $0.go(to: .review) },
        Scene("review-upgrade", facts: Sample.olderFacts) { $0.go(to: .review) },
        Scene("review-refused") { stage in
            stage.go(to: .review)
            stage.look(Sample.poorFacts)
            stage.press(.character("i"))
        },
        Scene("review-commands", isPicture: true) { stage in
            stage.go(to: .review)
            stage.press(.character("c"))
        },
        Scene("review-values", isPicture: true) { stage in
            stage.go(to: .review)
            stage.press(.character("v"))
        },
        Scene("review-command-line", isPicture: true) { stage in
            stage.go(to: .review)
            stage.press(.character("f"))
        },
        Scene("review-save", isPicture: true) { stage in
            stage.go(to: .review)
            stage.press(.character("s"))
        },
        Scene("progress", isSmallToo: true, isPicture: true) { $0.runToChart() },
        Scene("progress-log", isPicture: true) { stage in
            stage.runToChart()
            stage.press(.character("l"))
        },
        Scene("progress-stop") { stage in
            stage.runToChart()
            stage.press(.control("c"))
        },
        Scene("progress-failed", isPicture: true) { $0.runToQuestion() },
        Scene("progress-stopped", isPicture: true) { stage in
            stage.runToChart()
            stage.press(.control("c"), .character("s"))
            stage.send(.run(.interrupted(step: "release", at: stage.time)))
        },
        Scene("done", isSmallToo: true, isPicture: true) { $0.runToEnd() },
        Scene("done-failed", isPicture: true) { $0.runToFailure() },
        Scene("done-kept", isSmallToo: true, isPicture: true) { $0.runUntilKept() },
        Scene("done-rehearsed", isPicture: true, isRehearsal: true) { stage in
            stage.go(to: .review)
            stage.press(.character("i"))
            stage.rehearse()
        },
        Scene("uninstall-checks") { stage in
            stage.choose(.uninstall, finding: Sample.installedFacts)
            stage.go(to: .checks)
        },
        Scene("uninstall-installation", isPicture: true) { stage in
            stage.choose(.uninstall, finding: Sample.installedFacts)
            stage.go(to: .form("installation"))
        },
        Scene("uninstall", isSmallToo: true, isPicture: true) { $0.chooseWhatGoes() },
        Scene("uninstall-data", isPicture: true) { stage in
            stage.chooseWhatGoes()
            stage.press(.down, .down, .down, .down, .character(" "), .enter)
        },
        Scene("uninstall-review", isPicture: true) { stage in
            stage.chooseWhatGoes()
            stage.go(to: .review)
        },
        Scene("uninstall-done", isPicture: true) { $0.uninstall() },
        Scene("status", isPicture: true) { stage in
            stage.press(.character("t"))
            stage.send(.status(Sample.status))
        },
        Scene("rotate-checks") { stage in
            stage.choose(.rotate, finding: Sample.rotationFacts)
            stage.go(to: .checks)
        },
        Scene("rotate-inventory", isSmallToo: true, isPicture: true) { stage in
            stage.choose(.rotate, finding: Sample.rotationFacts)
            stage.go(to: .form("inventory"))
        },
        Scene("rotate", isSmallToo: true, isPicture: true) { $0.chooseWhatIsRenewed() },
        Scene("rotate-review", isPicture: true) { stage in
            stage.chooseWhatIsRenewed()
            stage.press(.down, .enter)
            stage.go(to: .review)
        },
        Scene("rotate-progress", isPicture: true) { $0.rotate(to: "uptake") },
        Scene("rotate-done", isPicture: true) { $0.rotate(to: nil) },
    ]
}

extension Stage {
    private var steps: [Step] { Sample.plan(answers).steps }

    mutating func begin() {
        go(to: .review)
        press(.character("i"))
        send(.run(.began(plan: Sample.plan(answers), at: time)))
    }

    /// Ends the run, and requests its summary.
    mutating func end() {
        send(.run(.ended(at: time)))
        guard let run = walk.model.run else { return }
        send(.summary(Sample.summary(run, answers, isRehearsal: walk.model.isRehearsal)))
    }

    private mutating func finish(_ step: Step, seconds: Double) {
        send(.run(.started(step: step.id, at: time)))
        pass(seconds: seconds)
        send(.run(.finished(step: step.id, at: time)))
    }

    /// Four steps are done, and the chart is being installed.
    mutating func runToChart() {
        begin()
        for step in steps.prefix(while: { $0.id != "release" }) { finish(step, seconds: 1) }
        send(.run(.started(step: "release", at: time)))
        pass(seconds: 42)
        for line in [
            #"Release "buildkit" does not exist. Installing it now."#,
            "beginning wait for 9 resources with timeout of 5m0s",
            "Deployment is not ready: buildkit/buildkit-builder. 0 out of 1 expected pods are ready",
        ] { send(.run(.printed(step: "release", line: OutputLine(line, isError: true)))) }
        let pods = [
            PodProgress(
                name: "buildkit-builder-6d9f",
                state: "pulling image \"moby/buildkit:\(Chart.appVersion)-rootless\""),
            PodProgress(name: "buildkit-proxy-7c41", state: "ready", isReady: true),
        ]
        send(.run(.pods(step: "release", pods: pods, at: time)))
    }

    mutating func runToEnd() {
        runToChart()
        send(.run(.finished(step: "release", at: time)))
        for step in steps.drop(while: { $0.id != "release" }).dropFirst() { finish(step, seconds: 2) }
        end()
    }

    /// A step fails, and the user is asked about the changes of those before it.
    mutating func runToQuestion() {
        runToChart()
        makeNamespace()
        let failure = InstallerError("The image docker.io/moby/buildkit:v9-rootless cannot be pulled")
        send(.run(.failed(step: "release", failure: failure, at: time)))
    }

    /// The receipt of the namespace, which a rollback would delete.
    mutating func makeNamespace() {
        let reference = ObjectReference(
            .namespace, answers.namespace, namespace: nil, context: answers.context)
        let receipt = Receipt.created(object: CreatedObject(reference, uid: "1"))
        send(.run(.made(step: "namespace", receipt: receipt, at: time)))
    }

    /// An install that is stopped, and whose changes are kept.
    mutating func runUntilKept() {
        runToChart()
        makeNamespace()
        press(.control("c"), .character("s"))
        send(.run(.interrupted(step: "release", at: time)))
        press(.character("k"))
        end()
    }

    mutating func runToFailure() {
        runToChart()
        // In the words of the cause's own table, from a message of a kubelet.
        let cause = Cause(
            code: .imagePullBackOff, object: "Pod buildkit-builder-6d9f", component: "builder",
            words:
                "ImagePullBackOff: Back-off pulling image \"docker.io/moby/buildkit:v9-rootless\": ErrImagePull: "
                + "docker.io/moby/buildkit:v9-rootless: not found", log: nil,
            patience: CauseCode.imagePullBackOff.patience, key: "6d9f")
        let failure = cause.failure(Sample.plan(answers).installation)
        send(.run(.failed(step: "release", failure: failure, at: time)))
        for step in steps.prefix(while: { $0.id != "builder" }).reversed() {
            send(.run(.undoing(step: step.id, at: time)), .run(.undone(step: step.id, at: time)))
        }
        end()
    }

    /// A form of the operation that a key of the table of clients starts.
    mutating func manage(_ key: Character, at form: String) {
        press(.character("c"))
        send(.clients(Sample.clients))
        press(.character(key))
        look(Sample.rotationFacts)
        go(to: .form(form))
    }

    mutating func chooseWhatIsRenewed() {
        choose(.rotate, finding: Sample.rotationFacts)
        go(to: .form("rotation"))
    }

    /// - Parameter last: the step in progress; nil: all are done.
    mutating func rotate(to last: Step.ID?) {
        chooseWhatIsRenewed()
        go(to: .review)
        press(.character("r"))
        guard let plan = walk.model.run?.plan else { return }
        send(.run(.began(plan: plan, at: time)))
        for step in plan.steps.prefix(while: { $0.id != last }) { finish(step, seconds: 0.2) }
        if let last {
            send(.run(.started(step: last, at: time)))
            return pass(seconds: 0.4)
        }
        send(.run(.ended(at: time)))
        guard let run = walk.model.run else { return }
        send(.summary(Sample.summary(run, of: .rotate, answers, isRehearsal: false)))
    }

    mutating func chooseWhatGoes() {
        choose(.uninstall, finding: Sample.installedFacts)
        go(to: .form("removal"))
    }

    mutating func uninstall() {
        chooseWhatGoes()
        go(to: .review)
        press(.character("u"))
        type(answers.release)
        press(.enter)
        completeRun(secondsEach: 3)
    }

    /// Every step of the started run succeeds.
    mutating func completeRun(secondsEach seconds: Double) {
        guard let plan = walk.model.run?.plan else { return }
        send(.run(.began(plan: plan, at: time)))
        for step in plan.steps { finish(step, seconds: seconds) }
        send(.run(.ended(at: time)))
        guard let run = walk.model.run else { return }
        send(.summary(Sample.summary(run, of: walk.guide.verb, answers, isRehearsal: false)))
    }

    mutating func rehearse() {
        send(.run(.began(plan: Sample.plan(answers), at: time)))
        for step in steps { finish(step, seconds: 0) }
        end()
    }
}
