import Testing
import Yams

/// Every value has the documented effect.
struct ValueTests {
    static let cases = proxyCases + builderCases + commonCases

    @Test func eachValueChangesWhatItShould() async throws {
        let manifests = try await Chart.render(Self.cases.map(\.release))
        for (item, manifest) in zip(Self.cases, manifests) {
            let object = manifest.objects.first { $0.name == item.object }
            let place = object?[item.pointer]
            switch item.expectation {
            case .equals(let yaml):
                #expect(try place == Yams.compose(yaml: yaml), "\(item.path): \(item.value)")
            case .contains(let text):
                #expect(place?.string?.contains(text) == true, "\(item.path): \(item.value)")
            case .absent: #expect(place == nil, "\(item.path): \(item.value)")
            }
        }
    }

    /// Otherwise the test above would succeed for a value without effect.
    @Test func noPlaceIsLikeThatByDefault() async throws {
        let manifests = try await Chart.render(Self.cases.map { Release(set: $0.others, apis: $0.apis) })
        for (item, manifest) in zip(Self.cases, manifests) {
            let place = manifest.objects.first { $0.name == item.object }?[item.pointer]
            switch item.expectation {
            case .equals(let yaml): #expect(try place != Yams.compose(yaml: yaml), "\(item.path)")
            case .contains(let text): #expect(place?.string?.contains(text) != true, "\(item.path)")
            case .absent: #expect(place != nil, "\(item.path)")
            }
        }
    }

    @Test func noValueIsWithoutACase() throws {
        let tested = Set(Self.cases.map(\.path))
        #expect(try ValuesDocument().leaves.map(\.path).filter { !tested.contains($0) } == [])
    }
}
