import { Tags } from '../types.bicep'

@description('Name of the identity.')
param name string

param location string

param tags Tags

// One identity of its own instead of the app's: its roles are there before the app is, and outlive it.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output principalId string = identity.properties.principalId
output clientId string = identity.properties.clientId
