import FoundationEssentials

/// What `doctor` has found: its lines and its JSON are views of it.
public struct Examination: Report, Equatable {
    /// A layer and its verdict.
    public struct Finding: Equatable, Sendable, Identifiable {
        public var id: String
        public var title: String
        public var verdict: LayerVerdict
    }

    public var site: Site
    public var builder: String
    /// In the order in which a build goes through them; the cluster's side last.
    public var findings: [Finding]

    init(_ symptoms: Symptoms, layers: [Layer] = Layer.all) {
        site = symptoms.answers.site
        builder = symptoms.answers.builder
        findings = []
        for layer in layers {
            findings.append(Finding(id: layer.id, title: layer.title, verdict: verdict(layer, symptoms)))
        }
    }

    /// What is broken below explains what does not hold above it.
    private func verdict(_ layer: Layer, _ symptoms: Symptoms) -> LayerVerdict {
        for need in layer.needs {
            guard let finding = findings.first(where: { $0.id == need }) else { continue }
            if finding.verdict.isBroken { return .skipped("\(finding.title) is broken") }
            if case .skipped(let reason) = finding.verdict { return .skipped(reason) }
        }
        return layer.judge(symptoms)
    }

    public var broken: [Finding] { findings.filter(\.verdict.isBroken) }
    public var isHealthy: Bool { broken.isEmpty }
}
