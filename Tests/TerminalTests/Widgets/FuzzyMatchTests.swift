import Terminal
import Testing

struct FuzzyMatchTests {
    private let contexts = [
        "arn:aws:eks:eu-west-1:123456789012:cluster/prod", "gke_shop_europe-west1_prod-eu", "kind-local",
        "minikube", "prod-eu", "prod-us", "staging-eu", "uncle-production",
    ]

    /// The contexts that match, the best first.
    private func ranked(_ text: String) -> [String] {
        contexts.compactMap { name in FuzzyMatch(text, in: name).map { (name, $0.score) } }
            .sorted { $0.1 > $1.1 }.map(\.0)
    }

    private func positions(_ text: String, _ entry: String) -> [Int]? {
        FuzzyMatch(text, in: entry)?.positions
    }

    @Test func theCharactersAreInTheirOrder() {
        #expect(positions("pdu", "prod-us") == [0, 3, 5])
        #expect(positions("sup", "prod-us") == nil)
        #expect(positions("prod-us-1", "prod-us") == nil)
    }

    @Test func theBestPlacesAreMarked() {
        #expect(positions("us", "uncle-production-us") == [17, 18])
        #expect(positions("pe", "prod-eu-pe") == [0, 5])
        #expect(positions("eu", "gke_shop_europe") == [9, 10])
        #expect(positions("ml", "MyLab") == [0, 2])
    }

    @Test func theCaseDoesNotMatter() {
        #expect(positions("PROD", "prod-us") == [0, 1, 2, 3])
        #expect(positions("straße", "Die STRAßE") == [4, 5, 6, 7, 8, 9])
    }

    @Test func prefixesWordStartsAndRunsComeFirst() {
        #expect(ranked("prod").prefix(2) == ["prod-eu", "prod-us"])
        #expect(ranked("prod").count == 5)
        #expect(ranked("eu").first == "prod-eu")
        #expect(ranked("kube") == ["minikube"])
        #expect(ranked("gpe") == ["gke_shop_europe-west1_prod-eu"])
    }

    @Test func spacesSeparateParts() {
        #expect(ranked("prod eu") == ranked("prodeu"))
        #expect(ranked("prod eu").first == "prod-eu")
    }

    @Test func nothingTypedMatchesEverythingAlike() {
        #expect(Set(contexts.map { FuzzyMatch("", in: $0)?.score }) == [0])
        #expect(FuzzyMatch("", in: "")?.positions == [])
        #expect(FuzzyMatch("x", in: "") == nil)
    }
}
