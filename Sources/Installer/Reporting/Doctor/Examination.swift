import FoundationEssentials

/// What `doctor` has found: its lines and its JSON are views of it.
public struct Examination: Reportable, Equatable {
    /// A layer and its verdict.
    public struct LayerResult: Equatable, Sendable, Identifiable {
        public var id: String
        public var title: String
        public var verdict: LayerVerdict
    }

    public var site: Site
    public var builder: String
    /// In the order in which a build goes through them; the cluster's side last.
    public var results: [LayerResult]

    init(_ symptoms: Symptoms) {
        site = symptoms.answers.site
        builder = symptoms.answers.builder
        results = []
        for layer in Layer.all {
            results.append(LayerResult(id: layer.id, title: layer.title, verdict: verdict(layer, symptoms)))
        }
    }

    /// What is broken below explains what does not hold above it.
    private func verdict(_ layer: Layer, _ symptoms: Symptoms) -> LayerVerdict {
        for need in layer.needs {
            guard let result = results.first(where: { $0.id == need }) else { continue }
            if result.verdict.isBroken { return .skipped("\(result.title) is broken") }
            if case .skipped(let reason) = result.verdict { return .skipped(reason) }
        }
        return layer.judge(symptoms)
    }

    public var broken: [LayerResult] { results.filter(\.verdict.isBroken) }
    public var isHealthy: Bool { broken.isEmpty }
}
