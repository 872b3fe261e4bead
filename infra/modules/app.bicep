import { AppSettings, Tags } from '../types.bicep'

@description('Name of the function app, which is its address too: {name}.azurewebsites.net.')
param name string

@description('Name of the plan.')
param planName string

param location string

param tags Tags

@description('Spread over data centres.')
param zoneRedundant bool

@description('The isolated worker instead of the custom handler.')
param isolatedWorker bool

@description('The identity that the app is to everything.')
param identityId string

@description('Where the package is deployed to: the address of a container.')
param deploymentContainer string

@description('The app settings, by name.')
param settings AppSettings

@description('Memory of an instance, in MB.')
param instanceMemoryMB 512 | 2048 | 4096

@description('Instances at most.')
param maximumInstances int

@description('Instances that are always there for requests; 0 for none, and a first lookup that waits for one.')
param alwaysReadyInstances int

@description('Ranges that may call; empty for everybody who has a key or signs in.')
param callerIpRanges string[]

@description('Reachable from the network alone.')
param private bool

@description('The subnet that the app reaches storage and vault through; empty for none.')
param subnetId string

@description('The app registration that people and programs sign in with; empty where keys tell callers apart.')
param signInClientId string

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      // Custom handlers are a runtime of Flex Consumption since July 2025 (microsoft/vscode-azurefunctions, pull request 4596). Its only version is
      // "1.0", and memory of 512, 2048 or 4096 MB and 40 to 1000 instances are what it takes: so says the platform's list of stacks, as
      // Azure/azure-powershell keeps it (FunctionsStackFlexData/EastAsia/custom.json). The runtime stands here alone: a setting
      // FUNCTIONS_WORKER_RUNTIME is refused on this plan (Azure/azure-functions-core-tools, issue 4642, is what it looked like before).
      runtime: isolatedWorker ? { name: 'dotnet-isolated', version: '10.0' } : { name: 'custom', version: '1.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainer
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReadyInstances == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyInstances }]
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      ipSecurityRestrictionsDefaultAction: empty(callerIpRanges) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: [
        for (range, place) in callerIpRanges: {
          name: 'callers-${place}'
          action: 'Allow'
          priority: 100 + place
          ipAddress: range
        }
      ]
    }
  }

  // What belongs to the app is written one after the other, so that no two writes of its configuration meet.
  resource appSettings 'config' = {
    name: 'appsettings'
    properties: settings
  }

  // Passwords for deployment; an identity deploys.
  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    dependsOn: [appSettings]
    properties: { allow: false }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    dependsOn: [scm]
    properties: { allow: false }
  }

  // Clv:Access AppService: strangers are sent to sign in, except for the health of the app.
  resource signIn 'config' = if (!empty(signInClientId)) {
    name: 'authsettingsV2'
    dependsOn: [ftp]
    properties: {
      platform: { enabled: true }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'RedirectToLoginPage'
        redirectToProvider: 'azureactivedirectory'
        excludedPaths: ['/api/healthz']
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: signInClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: { allowedAudiences: [signInClientId, 'api://${signInClientId}'] }
        }
      }
      httpSettings: { requireHttps: true }
      login: { tokenStore: { enabled: false } }
    }
  }
}

output id string = app.id
output name string = app.name
output host string = app.properties.defaultHostName
